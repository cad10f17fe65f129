"""Which plug-ins a policy imports, and what is said where one cannot be had: the fault matrix G1-G8."""

import subprocess
import sys
from pathlib import Path

import pytest

import viprules
from tests.plugins.conftest import Install, source_of
from viprules.errors import Problem
from viprules.plugins import PluginSettings, catalogue_for, catalogue_of, states

POLICY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}, WORD: {until: 10}}}
transitions: {validity: while_it_holds}
"""
CUSTOMER = {"events": [{"id": "1", "type": "purchase", "at": "2026-01-03", "amount": 100}]}


def problems(word: str, plugins: PluginSettings | None = None, policy: str = POLICY) -> list[Problem]:
    """Return what is wrong with a policy that uses a word."""
    return viprules.loader.check_text(policy.replace("WORD", word), plugins=plugins)


def told(word: str, plugins: PluginSettings | None = None) -> str:
    """Return the one problem of a policy that uses a word, on one line."""
    (found,) = problems(word, plugins)
    return str(found)


def test_an_installed_word_is_used_without_more(install: Install) -> None:
    """Installing a distribution is enough for a policy to use its word."""
    install("viprules-early", source_of("early"), "early")
    program = viprules.loads(POLICY.replace("WORD", "early"))
    assert "gold" == program.decide(CUSTOMER, as_of="2026-01-05").tier


def test_only_what_a_policy_uses_is_imported(install: Install) -> None:
    """Of fifty installed plug-ins, two are used and two are imported."""
    for number in range(50):
        install(f"viprules-p{number}", source_of(f"early_{number}"), f"early_{number}")
    policy = POLICY.replace("WORD: {until: 10}", "early_7: {until: 10}, early_31: {until: 20}")
    viprules.loads(policy)
    assert ["viprules_p31", "viprules_p7"] == sorted(set(sys.modules) & {f"viprules_p{number}" for number in range(50)})


def test_a_policy_without_further_words_reads_no_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every word is built in or declared, nobody looks for plug-ins."""
    monkeypatch.setattr("viprules.plugins.catalogue.announced", lambda: pytest.fail("metadata were read"))
    viprules.loads(POLICY.replace(", WORD: {until: 10}", ""))


def test_listing_imports_nothing(install: Install) -> None:
    """What is installed is known from metadata; a broken plug-in cannot lock anybody out."""
    install("viprules-early", "raise RuntimeError", "early")
    (found,) = states(PluginSettings())
    assert ("viprules-early", "1.0", "enabled", ("early",), None) == (
        found.distribution,
        found.version,
        found.state,
        found.words,
        found.seconds,
    )
    assert "viprules_early" not in sys.modules


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("import nothing_like_it", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("import sys; sys.exit(3)", "it called `sys.exit`"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def broken(:", "SyntaxError"),
        ("x = 1", "it states no version of the contract: write `VIPRULES_CONTRACT = 1` in its module"),
        ("VIPRULES_CONTRACT = True", "it states no version of the contract"),
        ("VIPRULES_CONTRACT = 2", "it was written for version 2 of the contract and this is version 1"),
        ("VIPRULES_CONTRACT = 1", "it announces `early` and does not offer it"),
    ],
)
def test_a_plugin_that_cannot_be_imported_refuses_the_policy_that_uses_it(
    install: Install, source: str, reason: str
) -> None:
    """The line that needs it is named, with plug-in, version and reason; nothing else happens."""
    install("viprules-early", source, "early")
    found = told("early")
    assert found.startswith(
        "policy.yaml:7:48: error: `early` belongs to the plug-in `viprules-early 1.0`, which cannot be used: "
    )
    assert reason in found
    assert found.endswith("[plugin-broken]")


def test_an_import_that_hangs_is_given_up(install: Install) -> None:
    """After the deadline the policy is refused, and the thread is left to itself."""
    install("viprules-hang", "import time; time.sleep(600)", "hang")
    assert "it did not answer within 0.3 seconds" in told("hang", PluginSettings(deadline=0.3))


@pytest.mark.parametrize("body", ["return None", "return 7", "return 'text'", "return {}.keys", "return [7]"])
def test_an_offer_of_the_wrong_kind_is_refused(install: Install, body: str) -> None:
    """A hook gives a list of descriptions, and nothing is not one."""
    source = source_of("early").partition("@hookimpl")[0]
    install("viprules-early", f"{source}@hookimpl\ndef viprules_terms():\n    {body}\n", "early")
    assert "`viprules_terms` gave " in told("early")


def test_an_offer_without_end_is_refused(install: Install) -> None:
    """A generator that never stops does not fill the memory."""
    source = source_of("early").replace("    return [", "    while True: yield from [")
    install("viprules-early", source, "early")
    assert "`viprules_terms` gave more than 1000 offers" in told("early")


def test_a_misspelt_hook_is_told(install: Install) -> None:
    """A hook that does not exist is a mistake, not silence."""
    install("viprules-early", source_of("early").replace("def viprules_terms", "def viprules_termz"), "early")
    assert "viprules_termz" in told("early")


def test_a_hook_with_an_argument_too_many_is_told(install: Install) -> None:
    """An argument that the specification does not have is a mistake."""
    install("viprules-early", source_of("early").replace("def viprules_terms()", "def viprules_terms(more)"), "early")
    assert "more" in told("early")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return None", "`compile` gave a `NoneType`, not a typed expression"),
        ("return Typed(node=nodes.Lit(1.5), type=TRUTH)", "`1.5` is not exact"),
        ("return Typed(node=nodes.Lit(float('nan')), type=TRUTH)", "`nan` is not exact"),
        ("return Typed(node=nodes.Lit((1, 2.5)), type=TRUTH)", "is not exact"),
        ("return Typed(node=nodes.Lit(1), type=DATE)", "`compile` gave date, and a criterion is true or false"),
        ("return Typed(node=7, type=TRUTH)", "`compile` gave a `Typed`, not a typed expression"),
        ("return Typed(node=nodes.Not(7), type=TRUTH)", "`item` of `Not` is `7`, where a node is wanted"),
        ("return Typed(node=nodes.All((nodes.Lit(True), 7)), type=TRUTH)", "`items` of `All` is"),
        ("return Typed(node=nodes.Case(((nodes.Lit(True), 7),), nodes.Lit(1)), type=TRUTH)", "`branches` of `Case` is"),
        ("return Typed(node=type('Odd', (nodes.Node,), {})(), type=TRUTH)", "`Odd` is no kind of node"),
        ("raise SystemExit", "SystemExit"),
        ("return parameters.untl", "AttributeError"),
        ("parameters.until = 3", "FrozenInstanceError"),
        ("return scope.policy.facts.clear()", "AttributeError"),
    ],
)
def test_a_compilation_that_fails_refuses_the_line(install: Install, body: str, reason: str) -> None:
    """Whatever `compile` raises or gives, the policy's line is told; inputs cannot be changed."""
    install("viprules-early", source_of("early", body), "early")
    found = told("early")
    assert found.startswith("policy.yaml:7:48: error: the plug-in `viprules-early 1.0` could not compile `early`: ")
    assert reason in found


def test_two_owners_of_a_word_are_both_named(install: Install) -> None:
    """Nobody wins by chance; blocking one of them helps."""
    install("viprules-early", source_of("early"), "early")
    install("acme-rules", source_of("early"), "early", version="2.1")
    assert "`early` is offered more than once: by `acme-rules 2.1`, `viprules-early 1.0`" in told("early")
    assert [] == problems("early", PluginSettings(blocked=("acme-rules",)))


def test_a_built_in_word_cannot_be_replaced(install: Install) -> None:
    """`sum` stays ours, whoever announces it; the plug-in's other words can be used."""
    source = source_of("early").replace("    return [", "    from attrs import evolve\n    mine = [").rstrip()
    source += '\n    return [*mine, evolve(mine[0], name="sum", examples=(Example(yaml="{sum: {until: 10}}"),))]\n'
    install("viprules-early", source, "early", "sum")
    assert [] == problems("early")
    assert "twice" == states(PluginSettings())[0].state


def test_what_is_broken_and_not_used_disturbs_nobody(install: Install) -> None:
    """Another plug-in's failure is not the failure of this policy."""
    install("viprules-early", source_of("early"), "early")
    install("viprules-late", "raise RuntimeError", "late")
    assert [] == problems("early")
    assert ["enabled", "broken"] == [
        states(PluginSettings(), names=["early"])[0].state,
        states(PluginSettings(), load=True, names=["late"])[0].state,
    ]


@pytest.mark.parametrize(
    "settings",
    [
        PluginSettings(enabled=()),
        PluginSettings(enabled=("viprules-late",)),
        PluginSettings(blocked=("viprules-early",)),
        PluginSettings(blocked=("early",)),
    ],
)
def test_a_disabled_word_says_how_to_enable_it(install: Install, settings: PluginSettings) -> None:
    """Installed is not enabled, and nothing of it is imported."""
    install("viprules-early", source_of("early"), "early")
    found = told("early", settings)
    assert "`early` belongs to the plug-in `viprules-early 1.0`, which is installed and not enabled" in found
    assert "add `viprules-early` to `enabled`" in found
    assert "viprules_early" not in sys.modules


@pytest.mark.parametrize("name", ["viprules-early", "viprules_early", "early"])
def test_an_enabled_word_is_enough(install: Install, name: str) -> None:
    """A distribution is enabled by its name, however it is spelt, or a word by its own."""
    install("viprules-early", source_of("early"), "early")
    assert [] == problems("early", PluginSettings.of_environment({"VIPRULES_PLUGINS": name}))


def test_a_misspelt_word_of_a_plugin_is_guessed(install: Install) -> None:
    """The nearest word may be one of a plug-in that nobody has imported."""
    install("viprules-early", source_of("early"), "early")
    assert "write `early`" in told("earyl")


def test_a_wrong_parameter_is_told_like_any_other(install: Install) -> None:
    """The schema of a plug-in's word judges its parameters: place, bound, nearest name."""
    install("viprules-early", source_of("early"), "early")
    found = problems("early", policy=POLICY.replace("{until: 10}", "{untill: 10, until: 99}"))
    assert [
        "policy.yaml:7:56: error: `untill` is not known here (remove it) [unknown-key]",
        "policy.yaml:7:75: error: the number must be at most `31`, not `99` (write another number) [out-of-range]",
    ] == [str(one) for one in found]


def test_an_offer_that_is_not_announced_is_refused(install: Install) -> None:
    """Metadata and module say the same, for the metadata are read without the module."""
    source = source_of("early").replace('name="early"', 'name="earlier"').replace("{early:", "{earlier:")
    install("viprules-early", source, "early")
    assert "it announces `early` and does not offer it" in told("early")


def test_a_file_beside_the_policy_is_executed_only_if_asked(tmp_path: Path) -> None:
    """`viprules_plugins.py` brings words where the caller says so, and is not read otherwise."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY.replace("WORD", "early"), encoding="utf-8")
    (tmp_path / "viprules_plugins.py").write_text(source_of("early"), encoding="utf-8")
    assert ["unknown-key"] == [one.code for one in viprules.check(policy)]
    assert [] == viprules.check(policy, plugins=PluginSettings(local=True))


def test_a_broken_file_beside_the_policy_is_a_mistake_of_the_call(tmp_path: Path) -> None:
    """Whoever asks for it wants to know why it does not work."""
    (tmp_path / "viprules_plugins.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(viprules.UsageError, match=r"`viprules_plugins\.py` cannot be used: ZeroDivisionError"):
        catalogue_for(["early"], PluginSettings(local=True), tmp_path)


def test_a_given_catalogue_is_all_there_is(install: Install) -> None:
    """A program that names its plug-ins itself is not surprised by what is installed."""
    install("viprules-early", source_of("early"), "early")
    assert ["unknown-key"] == [
        one.code for one in viprules.loader.check_text(POLICY.replace("WORD", "early"), plugins=catalogue_of())
    ]


def test_a_given_plugin_that_cannot_be_used_is_a_mistake_of_the_call() -> None:
    """An object without hooks, or with broken ones, is named."""
    with pytest.raises(viprules.UsageError, match="the plug-in `Nothing` cannot be used: it states no version"):
        catalogue_of(type("Nothing", (), {}))


def test_a_refused_program_leaves_no_thread_that_keeps_it_alive(install: Install) -> None:
    """An import that hangs does not keep the process from ending."""
    made = install("viprules-early", "import time; time.sleep(600)", "early")
    code = (
        f"import sys; sys.path.insert(0, {str(Path(sys.path[0]))!r})\n"
        "from viprules.plugins import PluginSettings, states\n"
        "print(states(PluginSettings(deadline=0.2), load=True, names=['early'])[0].reasons[0])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ("it did not answer within 0.2 seconds\n", "viprules_early") == (ran.stdout, made)


@pytest.mark.parametrize(
    ("where", "reason", "chinese"),
    [
        ('raise ParameterError("no `{x}`", "没有 `{x}`")', "no `{x}`", "没有 `{x}`"),
        ('raise ValueError("too much")', "too much", "too much"),
    ],
)
def test_a_parameter_class_may_refuse_what_does_not_go_together(
    install: Install, where: str, reason: str, chinese: str
) -> None:
    """What it says stands at the policy's line, in both languages where it says both."""
    source = source_of("early").replace("TermType, Typed", "ParameterError, TermType, Typed")
    source = source.replace(
        "\n\n\ndef early",
        f"\n\n    def __attrs_post_init__(self):\n        if self.until == 11:\n            {where}\n\n\ndef early",
    )
    install("viprules-early", source, "early")
    (found,) = problems("early", policy=POLICY.replace("{until: 10}", "{until: 11}"))
    assert f"`early` cannot be used like this: {reason}" == found.message
    assert f"`early` 不能这样使用：{chinese}" == found.text("zh")[0]
    assert ("policy.yaml:7:48", "wrong-parameters") == (str(found.source), found.code)


def test_compiling_may_refuse_parameters_too(install: Install) -> None:
    """What only the policy's names can tell is refused in the same way."""
    body = 'from viprules.api import ParameterError; raise ParameterError("a tier set is wanted", "需要等级")'
    install("viprules-early", source_of("early", body), "early")
    (found,) = problems("early")
    assert ("`early` 不能这样使用：需要等级", "wrong-parameters") == (found.text("zh")[0], found.code)


PIGEON = """\
from attrs import frozen

from viprules.api import ChannelType, Example, hookimpl, key

VIPRULES_CONTRACT = 1


@frozen(kw_only=True)
class Settings:
    loft: str = key("where it lives", examples=["roof"])


@hookimpl
def viprules_channels():
    example = Example(yaml="{loft: roof}")
    return [ChannelType(name="pigeon", settings=Settings, send=lambda *_: None, doc="a pigeon", examples=(example,))]
"""


def test_a_channel_of_a_plugin_is_named_in_a_message(install: Install) -> None:
    """A channel is a word like others: found by the policy that names it, and guessed where it is misspelt."""
    install("viprules-pigeon", PIGEON, "pigeon")
    message = "messages: {hello: {upon: {entering: gold}, channels: [pigeon], en: hello}}\n"
    policy = POLICY.replace(", WORD: {until: 10}", "") + message
    assert [] == problems("", policy=policy)
    (found,) = problems("", policy=policy.replace("[pigeon]", "[pigeno]"))
    assert ("unknown-name", "pigeon") == (found.code, found.values["nearest"])

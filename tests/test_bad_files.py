"""One bad file per mistake: what is told, where, in one run.

The files are named after the rows of the failure catalogue (P1 to P18), or after what is wrong.
"""

from pathlib import Path

import pytest

import viprules
from viprules.rendering import as_text

BAD = Path(__file__).parent / "bad"
EXPECTED = {
    "fullwidth-brackets": "4:13 full-width-bracket, 4:27 full-width-bracket",
    "fullwidth-colon-everywhere": (
        "1:9 full-width-colon, 2:8 full-width-colon, 3:7 full-width-colon, 4:11 full-width-colon, "
        "5:8 full-width-colon, 6:8 full-width-colon, 7:6 full-width-colon, 10:12 full-width-colon"
    ),
    "fullwidth-colon-in-a-map": "9:8 full-width-colon",
    "fullwidth-colon": "7:6 full-width-colon",
    "fullwidth-comma-in-a-list": "4:60 full-width-comma",
    "fullwidth-comma": "2:19 full-width-comma",
    "fullwidth-curly-quotes": "2:15 curly-quote",
    "fullwidth-hash": "11:1 full-width-character",
    "fullwidth-hyphen": "9:3 full-width-character",
    "fullwidth-no-break-space": "9:14 full-width-space",
    "fullwidth-percent": "9:42 full-width-character",
    "fullwidth-space-as-indentation": "6:1 full-width-space",
    "fullwidth-space-at-the-end": "2:59 full-width-space",
    "fullwidth-space": "9:9 full-width-space",
    "fullwidth-square-brackets": "4:55 full-width-bracket, 4:65 full-width-bracket",
    "misspelt-keys": (
        "5:1 unknown-key, 6:11 unknown-key, 6:54 unknown-name, 7:1 unknown-key, 9:32 unknown-key, "
        "9:50 unknown-key, 9:61 unknown-key, 9:71 unknown-key"
    ),
    "p01-alias-bomb": (
        "4:6 anchor, 5:6 anchor, 5:10 alias, 5:14 alias, "
        "5:18 alias, 5:22 alias, 5:26 alias, 5:30 alias, "
        "5:34 alias, 5:38 alias, 5:42 alias, 6:6 anchor, "
        "6:10 alias, 6:14 alias, 6:18 alias, 6:22 alias, "
        "6:26 alias, 6:30 alias, 6:34 alias, 6:38 alias, "
        "6:42 alias"
    ),
    "p01-merge-key": "3:8 anchor, 5:14 merge-key, 5:18 alias",
    "p02-duplicate-key-in-a-line": "8:17 duplicate-key",
    "p02-duplicate-key-in-quotes": "7:3 duplicate-key",
    "p02-duplicate-key": "11:1 duplicate-key",
    "p03-key-is-a-list": "4:5 key-not-text",
    "p03-key-is-nothing": "4:3 key-not-text",
    "p04-truth-value-in-other-words": "4:11 wrong-constant, 11:25 wrong-type",
    "p05-exponent": "8:51 wrong-type",
    "p05-leading-zero": "6:70 wrong-type",
    "p06-infinity": "6:73 wrong-type",
    "p06-not-a-number": "2:69 wrong-type",
    "p07-too-many-digits": "6:73 too-many-digits",
    "p08-directive": "1:1 directive",
    "p08-tag": "9:10 tag",
    "p09-too-deep": "4:378 too-deep",
    "p11-a-text": "1:1 not-a-map",
    "p11-empty": "1:1 nothing-written",
    "p11-gbk": "2:27 not-utf-8",
    "p11-lone-surrogate": "2:28 wrong-escape",
    "p11-not-a-map": "1:1 not-a-map",
    "p11-not-utf-8": "11:3 not-utf-8",
    "p11-nul": "9:12 unseen-character",
    "p11-only-comments": "1:1 nothing-written",
    "p11-two-documents": "11:1 several-documents",
    "p11-utf-16": "1:1 not-utf-8",
    "p12-missing-key": "1:1 missing-key",
    "p12-misspelt-key": "9:32 unknown-key",
    "p12-misspelt-required-key": "8:6 unknown-key",
    "p12-unknown-key": "11:1 unknown-key",
    "p12-unknown-name": "6:46 unknown-key, 9:24 unknown-key",
    "p13-empty-list": "3:8 too-few",
    "p13-list-for-a-text": "9:10 wrong-type",
    "p13-not-one-of": "10:27 not-one-of",
    "p13-number-in-quotes": "6:70 wrong-type",
    "p13-out-of-range": "6:70 out-of-range",
    "p13-text-for-a-map": "6:46 wrong-format",
    "p13-text-for-a-number": "6:70 wrong-type",
    "p13-two-kinds-in-one": "9:27 too-many",
    "p13-within-without-of": "9:24 missing-key",
    "p13-wrong-format": "2:56 wrong-format",
    "p13-wrong-version": "1:11 not-one-of",
    "p16-pattern-is-no-test": "9:32 unknown-key",
    "p17-expression": "9:23 wrong-format",
    "p18-full-width-digits": "6:70 full-width-character",
    "p18-look-alike": "9:10 wrong-format",
    "p18-name-in-chinese": "6:3 wrong-name",
    "p18-trailing-space": "9:10 wrong-format",
    "p18-turned-text-as-escape": "9:10 unseen-character",
    "p18-turned-text": "9:13 unseen-character",
    "several-mistakes": (
        "2:21 unknown-key, 4:29 duplicate-key, 6:53 unknown-name, 9:9 curly-quote, "
        "10:12 anchor, 10:28 unknown-key, 12:12 alias, 13:14 wrong-type"
    ),
    "syntax-block-header": "1:12 yaml-syntax",
    "syntax-bracket-open": "4:13 bracket-open",
    "syntax-bracket-stray": "8:33 bracket-stray",
    "syntax-colon-missing": "7:1 missing-colon",
    "syntax-colon-twice": "1:18 stray-colon",
    "syntax-colon-without-space-in-a-map": "6:46 colon-without-space",
    "syntax-colon-without-space": "1:1 colon-without-space",
    "syntax-comma-missing": "8:6 bracket-open",
    "syntax-escape": "2:18 wrong-escape",
    "syntax-indentation": "8:4 wrong-indentation",
    "syntax-quote-followed": "2:14 quote-followed",
    "syntax-quote-open": "2:15 quote-open",
    "syntax-reserved": "2:15 reserved-character",
    "syntax-tab": "6:1 tab-indentation",
}


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_mistake_is_told_at_its_place(path: Path) -> None:
    """All problems of the file, each with line and column, and nothing that follows from them."""
    found = viprules.check(path)
    assert EXPECTED[path.stem] == ", ".join(
        f"{one.source.line}:{one.source.column} {one.code}" for one in found if one.source
    )
    assert all(one.source and one.source.file == str(path) for one in found)


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_policy_is_refused_whole(path: Path) -> None:
    """Loading ends in one exception with the same problems."""
    with pytest.raises(viprules.PolicyError) as refused:
        viprules.load(path)
    assert viprules.check(path) == list(refused.value.problems)


def test_every_file_is_in_the_table() -> None:
    """And no row of the table is without its file."""
    assert sorted(EXPECTED) == sorted(path.stem for path in BAD.glob("*.yaml"))


def test_several_mistakes_are_shown_together(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an author reads: the place, the line, a caret, what to write."""
    monkeypatch.chdir(root)
    shown = as_text(viprules.check("tests/bad/several-mistakes.yaml"))
    assert SHOWN == shown.split("\n")


SHOWN = """\
tests/bad/several-mistakes.yaml:2:21: error: `timezon` is not known here [unknown-key]
  2 | program: {id: shop, timezon: Asia/Shanghai, currency: CNY}
    |                     ^^^^^^^
  hint: write `timezone`

tests/bad/several-mistakes.yaml:4:29: error: `amount` is written twice: first on line 4 [duplicate-key]
  4 |   purchase: {amount: money, amount: number}
    |                             ^^^^^^
  hint: keep one of the two

tests/bad/several-mistakes.yaml:6:53: error: `yaer` is not a period of this policy [unknown-name]
  6 |   spend: {sum: {of: purchase.amount, window: {this: yaer}}}
    |                                                     ^^^^
  hint: write `year`

tests/bad/several-mistakes.yaml:9:9: error: the quotes `“”` are curly [curly-quote]
  9 |   - id: “gold”
    |         ^^^^^^
  hint: write straight quotes: `"gold"`

tests/bad/several-mistakes.yaml:10:12: error: a policy has no anchors such as `&enter` [anchor]
  10 |     enter: &enter {spend: {at_leats: 1000}}
     |            ^^^^^^
  hint: remove `&enter`

tests/bad/several-mistakes.yaml:10:28: error: `at_leats` is not known in a test of a value [unknown-key]
  10 |     enter: &enter {spend: {at_leats: 1000}}
     |                            ^^^^^^^^
  hint: write `at_least`

tests/bad/several-mistakes.yaml:12:12: error: a policy has no aliases such as `*enter` [alias]
  12 |     enter: *enter
     |            ^^^^^^
  hint: write the value itself

tests/bad/several-mistakes.yaml:13:14: error: `true` or `false` is wanted here, not `yes` [wrong-type]
  13 |     inherit: yes
     |              ^^^
""".split("\n")[:-1]

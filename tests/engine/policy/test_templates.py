"""Names in braces, which a text says of its customer."""

import pytest

from viprules.engine.policy.templates import filled, names_in, stray_brace


def test_names_are_filled_and_doubled_braces_are_one() -> None:
    """Each name once; nothing else in braces is one, and no attribute of a value can be asked for."""
    text = "{name}, {{points}}: {points} of {name}"
    assert ("name", "points") == names_in(text)
    assert "Li, {points}: 5 of Li" == filled(text, {"name": "Li", "points": "5"})
    with pytest.raises(KeyError):
        filled(text, {"name": "Li"})


@pytest.mark.parametrize(
    ("text", "stray"),
    [("all {well}", ""), ("{{well}}", ""), ("so } far", "} far"), ("{name.first}, and so on", "{name.first}, and so")],
)
def test_a_brace_of_no_name_is_found(text: str, stray: str) -> None:
    """With the text after it, so that it is found in a long one."""
    assert stray == stray_brace(text)

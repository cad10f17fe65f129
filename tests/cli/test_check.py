"""`viprules check` judges each file as what it is."""

from pathlib import Path

import pytest

from tests.cli.conftest import Call

MAPPING = "mapping: 1\ntimes_in: Mars/Olympus\n"
TEST = "policy: policy.yaml\ntests:\n  - {name: nothing is asserted, as_of: 2026-12-31}\n"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("shop.mapping.yaml", MAPPING, "mapping-zone"),
        ("columns.yml", f"# what feeds what\n{MAPPING}", "mapping-zone"),
        ("mapping.yaml", "customers: {id: customer}\n", "missing-key"),
        ("shop.test.yaml", TEST, "test-asserts-nothing"),
        ("shop-tests.yaml", TEST, "test-asserts-nothing"),
        ("other.yaml", "program: {id: shop, timezone: Asia/Shanghai}\n", "missing-key"),
    ],
)
def test_a_file_is_judged_as_what_it_is(call: Call, club: Path, name: str, text: str, code: str) -> None:
    """A test by its name, any file by how its lines begin, a mapping by its name too, everything else as a policy."""
    (club / name).write_text(text, encoding="utf-8")
    called = call("check", name)
    assert (1, 1) == (called.code, called.out.count("error: "))
    assert f"[{code}]" in called.out


def test_a_folder_is_searched_for_all_kinds(call: Call, club: Path) -> None:
    """Mappings are found like policies and tests; a sound one has no problem, and files of others are let be."""
    (club / "shop.mapping.yaml").write_text("mapping: 1\ncustomers: {id: customer}\n", encoding="utf-8")
    (club / "compose.yaml").write_text("services: {web: {image: shop}}\n", encoding="utf-8")
    assert "4 files checked: 0 errors, 0 warnings\n" == call("check", ".").out


def test_a_mapping_that_is_not_there_is_a_problem(call: Call) -> None:
    """As with policies."""
    called = call("check", "none.mapping.yaml")
    assert (1, True) == (called.code, "`none.mapping.yaml` cannot be read" in called.out)

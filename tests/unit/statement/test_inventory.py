"""The inventory file: what is written is read again, equal is equal bytes, anything else is an error in words."""

from pathlib import Path

import pytest

from amanat.statement.inventory import (
    FORMAT,
    Act,
    Control,
    EntryPoint,
    Inventory,
    InventoryError,
    Permitted,
    load_inventory,
    read_inventory,
    write_inventory,
)
from amanat.vocabulary.needs import Need

ACT = Act("disclose", "disclose", "billing", (Permitted("name", ("6.5",)),), ("staff",), ("employer",))
SOME = Inventory(
    FORMAT, "ama", "1.0.0", "0" * 64,
    entry_points=(EntryPoint("route", "desk:case", "/desk/cases/", "GET", "desk", opens_custody=True, acts=(ACT,)),),
    choices=(Control("newsletter", "member:choice", "member:choice", ("member:choice",)),),
)  # fmt: skip


def test_what_is_written_is_read_again() -> None:
    assert read_inventory(write_inventory(SOME)) == SOME
    assert write_inventory(read_inventory(write_inventory(SOME))) == write_inventory(SOME)


def test_defaults_are_left_out() -> None:
    text = write_inventory(SOME)
    assert "names_nobody" not in text
    assert "measures" not in text
    assert '"opens_custody": true' in text


def test_an_act_is_the_need_that_was_declared() -> None:
    assert ACT.need == Need("disclose", "billing", ("name",), ("staff",), ("employer",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is no inventory"),
        ("[]", "Expected `object`"),
        ("{}", "missing required field"),
        (write_inventory(SOME).replace('"format": 1', '"format": 2'), "has the format 2"),
        (write_inventory(SOME).replace('"route"', '"window"'), "Invalid enum value"),
        (write_inventory(SOME).replace('"purpose"', '"porpoise"'), "porpoise"),
        ("[" * 100_000, "this is no inventory"),
    ],
)
def test_anything_else_is_an_error_in_words(text: str, said: str) -> None:
    with pytest.raises(InventoryError, match=said):
        read_inventory(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match=r"gone\.json cannot be read"):
        load_inventory(tmp_path / "gone.json")
    (tmp_path / "some.json").write_text(write_inventory(SOME), encoding="utf-8")
    assert load_inventory(tmp_path / "some.json") == SOME

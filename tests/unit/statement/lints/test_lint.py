"""All lints together: the installed statements, what is not checked and why, and the page that explains each code."""

import re
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from amanat.statement.codes import WHY
from amanat.statement.compile import Statement, load_statement
from amanat.statement.declarations import Duty
from amanat.statement.inventory import FORMAT, EntryPoint, Inventory, Product
from amanat.statement.lints.lint import LINTS, Report, lint, publishable
from amanat.statement.readability import MAX_GRADE, MAX_SENTENCES, MAX_WORDS
from stage.planted import clause, edited, statement_of

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "lints.md").read_text(encoding="utf-8")
BY_INVENTORY = ("L10", "L11", "L12", "L13", "L14")


def listing(statement: Statement, *entry_points: EntryPoint) -> Inventory:
    return Inventory(FORMAT, statement.name, statement.version, statement.digest, entry_points=entry_points)


def codes(report: Report) -> set[str]:
    return {one.code for one in report.errors}


@pytest.mark.parametrize("name", ["ama", "ama-1.1"])
def test_the_installed_statement_and_its_successor_have_no_error(name: str) -> None:
    report = lint(load_statement(name))
    assert report.errors == ()
    assert {one.code for one in report.findings} == {"L03", "L06"}


def test_the_old_text_fails_where_it_promises_and_does_not_explain_and_nowhere_else() -> None:
    report = lint(load_statement("ama-v0"))
    assert [(one.code, one.clause) for one in report.errors] == [("L04", "0.10"), ("L04", "0.10")]
    assert not publishable(load_statement("ama-v0"))


def test_findings_stand_from_the_top_of_the_file_to_its_end(ama: Statement) -> None:
    findings = lint(ama).findings
    assert [one.place for one in findings] == sorted(one.place for one in findings)


# What is not checked.


def test_without_an_inventory_what_it_tells_of_is_not_checked(ama: Statement) -> None:
    report = lint(ama)
    assert [code for code in report.unchecked if code in BY_INVENTORY] == [*BY_INVENTORY]
    assert set(report.unchecked) == {*BY_INVENTORY, "L16"}


def test_an_inventory_of_functions_alone_tells_of_ways_in_alone(ama: Statement) -> None:
    hidden = EntryPoint("function", "peek", "house:peek", opens_custody=True)
    report = lint(ama, listing(ama, hidden))
    assert set(report.unchecked) == {"L10", "L11", "L12", "L14", "L16"}
    assert [one.message for one in report.errors] == ["function `peek` touches personal data and declares no action"]


def test_the_inventory_of_a_platform_is_held_against_the_statement(ama: Statement) -> None:
    report = lint(ama, selling(ama))
    assert set(report.unchecked) == {"L16"}
    assert codes(report) == {"L10", "L12", "L14"}


def selling(statement: Statement) -> Inventory:
    """The inventory of a platform with one product, which asks for what no catalogue holds."""
    return msgspec.structs.replace(listing(statement), products=(Product("survey", ("shoe_size",)),))


def test_a_duty_without_an_owner_is_found_by_an_inventory(ama: Statement) -> None:
    ownerless = tuple(
        replace(one, owner="") if isinstance(one, Duty) and one.id == "B.1" else one for one in ama.declarations
    )
    report = lint(replace(ama, declarations=ownerless), selling(ama))
    assert "duty `B.1` has no owner" in {one.message for one in report.errors if one.code == "L11"}


def test_a_statement_in_another_language_is_judged_by_its_base() -> None:
    report = lint(statement_of(clause("6.2", "Nous aidons."), more="language: fr-CH\n"))
    assert {"L01", "L16", "L17", "L19", "L20"} <= set(report.unchecked)
    assert "`fr-CH`" in report.unchecked["L01"]


# The page.


def test_every_code_has_a_lint_a_row_and_a_reason() -> None:
    assert [one.code for one in LINTS] == [f"L{number:02}" for number in range(1, 21)]
    rows = re.findall(r"^\| (L\d\d) \| .+ \| (error|warning)", PAGE, re.MULTILINE)
    assert list(dict.fromkeys(code for code, _ in rows)) == [one.code for one in LINTS]
    for one in LINTS:
        assert {level for code, level in rows if code == one.code} == set(one.level.split(" or ")), one.code
        assert WHY[one.code]


def test_what_is_found_when_compiled_is_said_so() -> None:
    told = set(re.findall(r"^\| (L\d\d) \|.*\| error, when compiled", PAGE, re.MULTILINE))
    assert told == {one.code for one in LINTS if one.check is None} | {"L03"}


def test_the_measures_of_reading_are_told() -> None:
    assert f"more than {MAX_SENTENCES} sentences" in PAGE
    assert f"more than {MAX_WORDS} words" in PAGE
    assert f"more than {MAX_GRADE} years" in PAGE


def table(name: str) -> list[list[str]]:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()[2:]]


def test_each_warning_of_the_installed_statement_is_explained(ama: Statement) -> None:
    findings = lint(ama).findings
    redundant = [one.message for one in findings if one.code == "L06"]
    said = [re.match(r"permit `(.+?)` .* permitted by ([^,]+(?:, \d[^,]*)*)", one) for one in redundant]
    assert [row[:2] for row in table("redundant")] == [list(one.groups()) for one in said if one]
    kinds = [one.message.split()[4] for one in findings if one.code == "L03"]
    assert [row[0] for row in table("unspoken")] == sorted(kinds)
    assert all(len(row[-1]) > 10 or row[-1] == "as above" for row in (*table("redundant"), *table("unspoken")))


def test_a_planted_error_is_shown_with_its_line(ama: Statement) -> None:
    told = edited(
        ama, ("> informative because it explains a word\n", ""), ("A cookie is a small", "A cookie must be a small")
    )
    (found,) = (one for one in lint(told).errors if one.code == "L01")
    assert "must" in found.explain("ama.md", told.text.split("\n"))
    assert WHY["L01"] in found.explain("ama.md", told.text.split("\n"))

"""Findings a lawyer can act on: at which words, what, why, and one hint; all at once, from the top of the file down."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amanat.cli.check import check
from amanat.statement.compile import compile_statement
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic, StatementError, bounded, excerpt

FAULTY = """---
statement: small
version: 0.1.0
effective: 2027-01-01
---
### 6.7 Firms that work for us
We may [pass on](do:telling) [your data](data:personal) to [firms](to:provider).
```rule
permit 6.7
  do    telling
  data  personal
  to    providr
  if    agreement, soon
duty 6.7d
  for every  breech
```
```cases
permit  logistics_agent discloses name to provider.travel for logistics
```
"""


def found(text: str) -> list[Diagnostic]:
    with pytest.raises(StatementError) as caught:
        compile_statement(text)
    return caught.value.diagnostics


def words(one: Diagnostic, text: str = FAULTY) -> str:
    line = text.splitlines()[one.line - 1]
    return line[one.column - 1 : one.column - 1 + one.length]


def test_each_finding_points_at_the_words_at_fault() -> None:
    assert [(one.line, words(one)) for one in found(FAULTY)] == [
        (12, "providr"),
        (13, "agreement, soon"),
        (15, "breech"),
        (18, "discloses"),
    ]


def test_findings_stand_in_the_order_of_the_file() -> None:
    findings = found(FAULTY.replace("statement: small\n", "statement small\n"))
    places = [(one.line, one.column) for one in findings]
    assert len(places) > 3
    assert places == sorted(places)


def test_each_finding_says_what_why_and_one_hint() -> None:
    for one in found(FAULTY):
        assert one.message
        assert one.message[0].islower() or one.message[0] == "`"
        assert not one.message.endswith(".")
        assert one.why
        assert one.hint
        assert one.hint.count("did you mean") <= 1


def test_a_finding_is_shown_with_its_line_and_a_mark_under_the_words() -> None:
    with pytest.raises(StatementError) as caught:
        compile_statement(FAULTY, "small.md")
    first = caught.value.explain().split("\n\n")[0]
    assert (
        first
        == """\
small.md:12:9: clause 6.7: error R001: unknown recipient `providr`
    12 |   to    providr
                 ^^^^^^^
    why: every line of a rule is read or refused, for a line passed over could open something
    hint: did you mean `provider`?"""
    )


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("[firms](to:provider)", "[firms](to:payer)", "[firms](to:payer)"),
        ("to    providr\n", "to    provider\n  for   service\n", "service"),
        ("  to    providr\n", "  colour red\n", "colour"),
        ("  to    providr\n", "  to    provider\n  to    payer\n", "to"),
        ("permit 6.7", "permitt 6.7", "permitt"),
        ("permit 6.7", "permit 6.8", "6.8"),
        ("  if    agreement, soon\n", "  if    order\n  and   not order\n", "if"),
        ("  if    agreement, soon\n", "  need  order\n", "need"),
        ("```cases", "```case", "```case"),
        ("### 6.7 Firms", "### Firms", "### Firms that work for us"),
        ("We may", "We\u200bmay\u202e", "\u202e"),
        ("version: 0.1.0\n", "version 0.1.0\n", "version 0.1.0"),
    ],
)
def test_faults_of_every_room_point_at_their_words(old: str, new: str, marked: str) -> None:
    assert FAULTY.count(old) == 1
    text = FAULTY.replace(old, new).replace("breech", "breach").replace("discloses", "disclose")
    if "agreement, soon" in text:
        text = text.replace("  if    agreement, soon\n", "")
    text = text.replace("duty 6.7d\n  for every  breach\n", "").replace("providr", "provider")
    assert marked in [words(one, text) for one in found(text)]


def test_a_word_that_is_like_no_other_is_led_to_the_groups_of_its_axis() -> None:
    (one, *_) = found(FAULTY.replace("to    providr", "for   zzzzzz"))
    assert one.message == "unknown purpose `zzzzzz`"
    assert {"service", "outreach", "statistics"} <= set(one.hint.removeprefix("one of ").split(", "))


def test_a_clause_whose_lines_were_not_read_is_not_blamed_for_what_they_would_say() -> None:
    assert "L02" not in {one.code for one in found(FAULTY)}


def test_a_misspelt_anchor_is_led_to_the_nearest_word_of_the_rules() -> None:
    text = FAULTY.replace("providr", "provider").replace("(to:provider)", "(to:providers)")
    text = text.replace("  if    agreement, soon\n", "").replace("duty 6.7d\n  for every  breech\n", "")
    text = text.replace("discloses", "disclose")
    (anchor, *_) = found(text)
    assert (anchor.code, anchor.hint) == ("L02", "did you mean `to:provider`?")


def test_the_mark_stands_right_under_wide_letters_and_beside_tabs() -> None:
    shown = excerpt(Diagnostic(1, "", "X", "m", column=5, length=2), ["日本\t語ab cd"])
    line, mark = shown.splitlines()
    assert mark.index("^") == len("     1 | ") + 7
    assert (line, mark.count("^")) == ("     1 | 日本 語ab cd", 2)


def test_of_a_long_line_a_window_is_shown() -> None:
    text = "a" * 2000 + "FAULT" + "b" * 2000
    line, mark = excerpt(Diagnostic(1, "", "X", "m", column=2001, length=5), [text]).splitlines()
    assert len(line) < 140
    assert line[mark.index("^") : mark.rindex("^") + 1] == "FAULT"


def test_nothing_that_a_terminal_obeys_is_shown() -> None:
    shown = excerpt(Diagnostic(1, "", "X", "m", column=1, length=4), ["\x1b[2J\u202edaolnwod\x07"])
    assert not set("\x1b\u202e\x07") & set(shown)


def test_a_finding_without_words_is_shown_without_a_line() -> None:
    assert excerpt(Diagnostic(1, "", "S001", "m"), ["text"]) == ""
    assert excerpt(Diagnostic(9, "", "S001", "m", column=1, length=1), ["text"]) == ""


def test_findings_are_bounded_and_say_so() -> None:
    many = [Diagnostic(number, "", "R001", "m") for number in range(500, 0, -1)]
    told = bounded(many)
    assert [one.line for one in told[:3]] == [1, 2, 3]
    assert (len(told), told[-1].code) == (MAX_FINDINGS + 1, "S011")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check, list(arguments))


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    path = tmp_path / "faulty.md"
    path.write_text(FAULTY, encoding="utf-8")
    return str(path)


def test_check_shows_every_finding_and_ends_with_one(faulty: str) -> None:
    told = run(faulty, "ama")
    assert told.exit_code == 1
    assert told.output.count("    why: ") == 4
    assert f"{faulty}: not put in force, 4 findings" in told.output
    assert "ama: ama 1.0.0" in told.output
    assert run("ama").exit_code == 0


def test_check_answers_in_json(faulty: str) -> None:
    told = run("--json", faulty, "ama")
    bad, good = json.loads(told.output)
    assert (told.exit_code, bad["in_force"], good["in_force"]) == (1, False, True)
    assert bad["findings"][0] == {
        "line": 12, "column": 9, "length": 7, "clause": "6.7", "level": "error", "code": "R001",
        "what": "unknown recipient `providr`",
        "why": "every line of a rule is read or refused, for a line passed over could open something",
        "hint": "did you mean `provider`?",
    }  # fmt: skip
    assert good["declarations"] > 30
    assert good["findings"] == []

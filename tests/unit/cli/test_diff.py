"""`amanat diff`: what changed, by clause, with a request that turns; and what cannot be compared."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from amanat.cli.decide import decide
from amanat.cli.diff import diff
from amanat.policy import solving
from amanat.statement.compile import load_statement


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(diff, [str(word) for word in words], catch_exceptions=False)


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The installed statement with these words changed."""
    text = load_statement("ama").text
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file = tmp_path / "ours.md"
    file.write_text(text, encoding="utf-8")
    return file


def outcome(statement: str | Path, wire: str) -> str:
    answered = CliRunner().invoke(decide, ["--statement", str(statement)], input=wire)
    return str(json.loads(answered.stdout)["outcome"])


SIGNED_UP = "[If you signed up](if:consent:newsletter)"
ADULTS = (
    (f"{SIGNED_UP}, we", f"{SIGNED_UP} and [are eighteen](if:adult), we"),
    ("  if    consent newsletter\n", "  if    consent newsletter\n  and   age >= 18\n"),
)  # fmt: skip


def test_nothing_changed_ends_with_0(tmp_path: Path) -> None:
    result = run("ama", changed(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "ama 1.0.0 → ama 1.0.0: 0 clauses changed\n")
    assert json.loads(run("ama", "ama", "--json").stdout) == {"from": "1.0.0", "to": "1.0.0", "clauses": []}


def test_a_narrowed_clause_is_told_with_a_request_that_turns(tmp_path: Path) -> None:
    ours = changed(tmp_path, *ADULTS)
    result = run("ama", ours)
    assert result.exit_code == 2
    head, clause, shift, request = result.stdout.splitlines()
    assert head == "ama 1.0.0 → ama 1.0.0: 1 clause changed"
    assert clause == "  8.8    narrowed, reworded  (News by mail)"
    assert shift.strip().startswith("now refused, ")
    assert (outcome("ama", request), outcome(ours, request)) == ("permit", "deny")


def test_the_other_way_round_the_same_clause_is_widened(tmp_path: Path) -> None:
    told = run(changed(tmp_path, *ADULTS), "ama").stdout
    assert "8.8    widened, reworded" in told
    assert "now permitted, " in told


def test_json_says_the_same() -> None:
    result = run("ama", "ama-1.1", "--json")
    assert result.exit_code == 2
    told = json.loads(result.stdout)
    assert (told["from"], told["to"]) == ("1.0.0", "1.1.0")
    found = {one["clause"]: one for one in told["clauses"]}
    assert found["T.1"]["moved"] == [["trip_ended", "90d", "30d"]]
    assert found["6.6"]["obligations_added"] == ["minimise"]
    assert found["8.6"]["widened"] is None
    assert found["8.6"]["narrowed"]["requests"] > 0
    request = json.dumps(found["8.5d"]["widened"]["example"])
    assert (outcome("ama", request) == "permit", outcome("ama-1.1", request)) == (False, "permit")


def test_a_rule_about_data_side_by_side_is_told_without_a_number(tmp_path: Path) -> None:
    fewer = changed(
        tmp_path, ("[anything that names you](beside:personal)", "[what names you](beside:identity, beside:contact)"),
        ("  beside  personal\n", "  beside  identity, contact\n"),
    )  # fmt: skip
    looser, stricter = run("ama", fewer), run(fewer, "ama")
    assert "5.9    widened, reworded" in looser.stdout
    assert "data side by side: some may now be permitted" in looser.stdout
    assert "data side by side: some may now be refused" in stricter.stdout
    (clause,) = json.loads(run("ama", fewer, "--json").stdout)["clauses"]
    assert (clause["widened"], clause["side_by_side"]) == (None, {"looser": True, "stricter": False})


def test_words_alone_turn_no_answer_and_cases_and_notes_are_not_told(tmp_path: Path) -> None:
    words = changed(tmp_path, ("First we ask that address to confirm.", "We first ask that address to confirm."))
    assert "  8.8    reworded  (News by mail)\n" in run("ama", words).stdout
    note = changed(tmp_path, ("> source 8.8\n", "> source 8.8\n> note 2: nothing else.\n"))
    assert run("ama", note).exit_code == 0


@pytest.mark.parametrize("place", [0, 1])
def test_what_does_not_load_ends_with_1_and_is_said_in_words(tmp_path: Path, place: int) -> None:
    broken = changed(tmp_path, ("  if    consent newsletter\n", "  if    consent newsleter\n"))
    for file, said in (("nobody", "error S000"), (tmp_path / "nowhere.md", "error S000"), (broken, "error R001")):
        both: list[str | Path] = ["ama", "ama"]
        both[place] = file
        result = run(*both)
        assert (result.exit_code, result.stdout) == (1, "")
        assert said in result.stderr


def test_what_is_too_hard_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "_MOST", 1)
    result = run("ama", "ama-1.1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Too many facts stand together in one question" in result.stderr


def test_a_company_is_named_with_people_alone() -> None:
    result = run("ama", "ama-1.1", "--company", "ama-ch")
    assert (result.exit_code, "needs --people" in result.stderr) == (2, True)

"""`amanat statement`, as the one who publishes meets it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from amanat.cli import statement as commands
from amanat.custody import publishing
from amanat.policy import solving
from amanat.statement.compile import load_statement
from amanat.statement.signing import sign
from stage.databases import AsLogin
from stage.group import Group
from stage.server import Clone
from stage.versions import agree, unsigned


def amanat(clone: Clone, *words: str, command: str = "statement") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "amanat.cli.main", command, *words],
        env=clone.environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def a_signed_file(folder: Path) -> str:
    path = folder / "newer.md"
    path.write_text(sign(load_statement("ama-1.1"), "Dina Weber", date(2026, 11, 1)), encoding="utf-8")
    return str(path)


def an_unsigned_file(folder: Path) -> str:
    path = folder / "unsigned.md"
    path.write_text(unsigned().text, encoding="utf-8")
    return str(path)


def test_a_newer_statement_is_put_in_force_from_a_day_and_listed(group: Group, database: Clone, tmp_path: Path) -> None:
    done = amanat(database, "publish", a_signed_file(tmp_path), "--from", "2027-08-01", "--company", "ama-sg")
    assert (done.returncode, done.stderr) == (0, "")
    first, second, third = done.stdout.splitlines()
    assert first == "ama 1.1.0 is in force from 2027-08-01 00:00 UTC for ama-sg"
    assert second.startswith("wider under 8.5d: ")
    assert third == "people: 0 to ask again (medical_service, emergency_record); 0 to tell"
    listed = amanat(database, "versions").stdout
    assert "ama 1.0.0      everybody" in listed
    assert "2027-08-01 00:00  ama 1.1.0      ama-sg" in listed
    assert "law:EU 1.0.0" in listed


def test_where_nothing_is_in_force_yet_the_list_says_so(database: Clone) -> None:
    done = amanat(database, "versions")
    assert (done.returncode, done.stdout.startswith("nothing is in force yet: ")) == (0, True)


def test_a_dry_run_says_what_would_come_of_it_and_changes_nothing(
    group: Group, database: Clone, tmp_path: Path
) -> None:
    agree(group, group.amina)
    before = amanat(database, "versions").stdout
    newer = a_signed_file(tmp_path)
    would = amanat(database, "publish", newer, "--dry-run")
    assert (would.returncode, would.stderr, amanat(database, "versions").stdout) == (0, "", before)
    first, *rest = would.stdout.splitlines()
    assert first == "ama 1.1.0 would be in force from 2027-07-01 00:00 UTC for everybody"
    assert rest[1] == "people: 1 to ask again (medical_service, emergency_record); 3 to tell"
    refused = amanat(database, "publish", an_unsigned_file(tmp_path), "--dry-run")
    assert (refused.returncode, "amanat sign" in refused.stderr) == (1, True)
    assert amanat(database, "publish", newer).stdout.splitlines()[1:] == rest


def test_what_is_too_hard_to_compare_is_published_and_said_not_to_be_counted(
    group: Group, as_login: AsLogin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = a_signed_file(tmp_path)
    monkeypatch.setattr(solving, "_MOST", 1)
    monkeypatch.setattr(commands, "_begin", lambda: None)
    with as_login("worker"):
        done = CliRunner().invoke(commands.publish, [newer], catch_exceptions=False)
        assert [one.version for one in publishing.published()] == ["1.0.0", "1.1.0"]
    assert (done.exit_code, "1.1.0 is in force" in done.stdout) == (0, True)
    assert "people: not counted, and the rest stands: Too many facts" in done.stderr


def test_people_are_counted_for_a_comparison(group: Group, database: Clone, tmp_path: Path) -> None:
    agree(group, group.amina)
    told = amanat(database, "ama", a_signed_file(tmp_path), "--people", command="diff")
    assert (told.returncode, told.stderr) == (2, "")
    assert told.stdout.splitlines()[-1] == "people: 1 to ask again (medical_service, emergency_record); 3 to tell"
    one = amanat(database, "ama", "ama-1.1", "--people", "--company", "ama-sg", "--json", command="diff")
    people = {"choices": ["medical_service", "emergency_record"], "ask_again": 0, "tell": 0}
    assert json.loads(one.stdout)["people"] == people
    for words, said in ((("ama-1.1", "ama"), "never in force"), (("ama", "ama", "--company", "ama-xx"), "no company")):
        refused = amanat(database, *words, "--people", command="diff")
        assert (refused.returncode, refused.stdout, said in refused.stderr) == (1, "", True)


def test_what_cannot_follow_or_was_not_signed_is_refused_with_a_mend(
    group: Group, database: Clone, tmp_path: Path
) -> None:
    early = amanat(database, "publish", a_signed_file(tmp_path), "--from", "2027-01-01")
    assert early.returncode == 1
    assert "says of itself that it is effective from 2027-07-01" in early.stderr
    assert "to mend it: name 2027-07-01 or a later day" in early.stderr
    refused = amanat(database, "publish", an_unsigned_file(tmp_path))
    assert (refused.returncode, "amanat sign" in refused.stderr) == (1, True)
    faulty = tmp_path / "faulty.md"
    faulty.write_text("---\nstatement: ama\n---\n", encoding="utf-8")
    assert amanat(database, "publish", str(faulty)).returncode == 2
    assert "1.1.0" not in amanat(database, "versions").stdout


def test_a_contract_is_put_in_force_and_ends(group: Group, database: Clone) -> None:
    begun = amanat(database, "overlay", "contract:oryx-energy", "--from", "2027-02-01")
    assert begun.stdout == "contract:oryx-energy 2026.1.0 is in force from 2027-02-01 00:00 UTC\n"
    ended = amanat(database, "end", "contract:oryx-energy", "--from", "2028-02-01")
    assert ended.stdout == "contract:oryx-energy is in force until 2028-02-01 00:00 UTC\n"
    assert "contract:oryx-energy ends" in amanat(database, "versions").stdout

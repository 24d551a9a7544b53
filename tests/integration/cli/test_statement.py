"""`amanat statement`, as the one who publishes meets it."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from amanat.statement.compile import load_statement
from amanat.statement.signing import sign
from stage.group import Group
from stage.server import Clone


def amanat(clone: Clone, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "amanat.cli.main", "statement", *words],
        env=clone.environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def a_signed_file(folder: Path) -> str:
    path = folder / "newer.md"
    path.write_text(sign(load_statement("ama-1.1"), "Dina Weber", date(2026, 11, 1)), encoding="utf-8")
    return str(path)


def test_a_newer_statement_is_put_in_force_from_a_day_and_listed(group: Group, database: Clone, tmp_path: Path) -> None:
    done = amanat(database, "publish", a_signed_file(tmp_path), "--from", "2027-08-01", "--company", "ama-sg")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first == "ama 1.1.0 is in force from 2027-08-01 00:00 UTC for ama-sg"
    assert second.startswith("wider under 8.5d: ")
    listed = amanat(database, "versions").stdout
    assert "ama 1.0.0      everybody" in listed
    assert "2027-08-01 00:00  ama 1.1.0      ama-sg" in listed
    assert "law:EU 1.0.0" in listed


def test_what_cannot_follow_or_was_not_signed_is_refused_with_a_mend(
    group: Group, database: Clone, tmp_path: Path
) -> None:
    early = amanat(database, "publish", a_signed_file(tmp_path), "--from", "2027-01-01")
    assert early.returncode == 1
    assert "says of itself that it is effective from 2027-07-01" in early.stderr
    assert "to mend it: name 2027-07-01 or a later day" in early.stderr
    unsigned = amanat(database, "publish", "ama-1.1")
    assert (unsigned.returncode, "amanat sign" in unsigned.stderr) == (1, True)
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

"""`amanat audit`: a room opened from the command line, and evidence checked there."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pyotp
import pytest
from django.test import Client

from amanat.accounts.service import enrolment_address
from amanat.accounts.sign_in import authenticate
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.errors import NotFoundError
from amanat.ledger.fold import fold
from stage.accounts import Holder, OpenAccount, sign_in
from stage.databases import AsLogin
from stage.group import Group, hire
from stage.server import Clone

CARD = Ask("view", ("name", "birth_year", "cover_status"), "eligibility")
COMMAND = (sys.executable, "-m", "amanat.cli.main", "audit")


def run(database: Clone, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], env=database.environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_room_is_opened_told_once_and_ends_by_itself(group: Group, database: Clone, accounts: None) -> None:
    done = run(database, "open", "yvonne@example.org", "--name", "Yvonne", "--company", "ama-ch", "--days", "3")
    assert done.returncode == 0, done.stderr
    password = re.search(r"password: (\S+)", done.stdout)
    address = re.search(r"codes: (\S+)", done.stdout)
    assert password
    assert address
    assert "the room closes by itself on" in done.stdout
    (secret,) = parse_qs(urlsplit(address[1]).query)["secret"]
    account = authenticate("audit", "yvonne@example.org", password[1], pyotp.TOTP(secret).now())
    assert account
    with pytest.raises(NotFoundError):
        enrolment_address(account.id)


def test_a_room_of_nowhere_is_refused(group: Group, database: Clone, accounts: None) -> None:
    done = run(database, "open", "yvonne@example.org", "--name", "Yvonne", "--company", "nowhere", "--days", "3")
    assert done.returncode == 2
    assert "no company is called nowhere" in done.stderr


def test_nobody_at_the_web_log_in_makes_a_room_last_longer(database: Clone, open_account: OpenAccount) -> None:
    yvonne: Holder = open_account("yvonne", "audit", "auditor")
    with database.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("UPDATE accounts_account SET ends_at = now() + interval '1 year' WHERE id = %s", (yvonne.account,))


def test_evidence_is_checked_on_the_command_line(
    group: Group, database: Clone, accounts: None, as_login: AsLogin, tmp_path: Path
) -> None:
    browser: Client = sign_in(hire(database, "yvonne", "audit", "auditor"))
    browser.handler.enforce_csrf_checks = False
    with unit(group.actor("basil"), "eligibility") as one:
        one.ask(CARD, [group.amina])
    with as_login("worker"):
        fold("ama-ch")
    form = {"seed": "7", "days": "30", "size": "5", "outcome": "permit", "recipient": "", "country": ""}
    text = browser.get(browser.post("/audit/", form)["Location"] + "evidence.json").content.decode()
    file, key = tmp_path / "evidence.json", str(database.home.ledger / "ama-ch.pub")
    file.write_text(text, encoding="utf-8")
    done = run(database, "verify", str(file), "--key", key)
    assert done.returncode == 0, done.stdout
    assert re.search(r"(\d) of \1 decisions stand, in the seed's order, in the log \S+/ama-ch", done.stdout)
    told = json.loads(text)
    told["decisions"][0]["leaves"][0]["proof"] = told["decisions"][0]["leaves"][0]["proof"].replace("index ", "index 9")
    file.write_text(json.dumps(told), encoding="utf-8")
    done = run(database, "verify", str(file), "--key", key)
    assert (done.returncode, "not valid" in done.stdout) == (1, True)

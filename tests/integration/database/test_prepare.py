"""Owner, database and log-ins: made once, least privileged, and by hand where the owner may not."""

from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from amanat.database import embedded
from amanat.database.home import Home
from amanat.database.logins import KINDS, LoginsError, load_logins, make_logins, save_logins
from amanat.database.prepare import prepare
from amanat.database.target import find_target
from stage.installation import Installation, where


def test_the_log_ins_have_no_power_beyond_their_grants(prepared: Installation) -> None:
    asked = """SELECT bool_or(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication), count(*)
                 FROM pg_roles WHERE rolname LIKE 'amanat\\_%'"""
    with prepared.connect("web") as connection:
        assert connection.execute(asked).fetchone() == (False, len(KINDS) + 1)


@pytest.mark.parametrize("kind", ["web", "worker", "audit"])
@pytest.mark.parametrize(
    "attempt",
    [
        "CREATE TABLE mine (x int)",
        "SET ROLE amanat_owner",
        "SET ROLE amanat_migrate",
        "ALTER TABLE vault_folder NO FORCE ROW LEVEL SECURITY",
        "TRUNCATE vault_folder",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "CREATE ROLE accomplice",
        "SET log_statement = 'all'",
    ],
)
def test_a_log_in_cannot_widen_itself(prepared_once: Installation, kind: str, attempt: str) -> None:
    with prepared_once.connect(kind) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(attempt)


def test_a_role_that_was_given_nothing_cannot_connect(prepared_once: Installation) -> None:
    with prepared_once.connect("superuser") as superuser:
        superuser.execute("CREATE ROLE stranger LOGIN PASSWORD 'known'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(host=where(prepared_once), dbname="amanat", user="stranger", password="known")


def test_preparing_twice_changes_nothing(prepared: Installation) -> None:
    before = prepared.home.logins.read_bytes(), prepared.home.secret_key.read_bytes()
    assert prepared.amanat("database", "prepare").returncode == 0
    assert (prepared.home.logins.read_bytes(), prepared.home.secret_key.read_bytes()) == before


def test_preparing_again_mends_a_changed_password(prepared: Installation) -> None:
    with prepared.connect("superuser") as superuser:
        superuser.execute("ALTER ROLE amanat_web PASSWORD 'somebody changed it'")
    assert prepared.amanat("database", "prepare").returncode == 0
    with prepared.connect("web") as web:
        assert web.execute("SELECT 1").fetchone() == (1,)


def test_passwords_reach_the_server_as_verifiers_alone(prepared: Installation) -> None:
    passwords = [one.password for one in load_logins(prepared.home, find_target(prepared.home)).logins.values()]
    printed = prepared.amanat("database", "prepare", "--print-sql").stdout
    assert "SCRAM-SHA-256$" in printed
    assert not [password for password in passwords if password and password in printed]


def test_the_log_ins_of_another_server_at_this_address_are_refused(prepared: Installation) -> None:
    target = find_target(prepared.home)
    known = load_logins(prepared.home, target)
    save_logins(prepared.home, type(known)(known.place, known.prefix, "4242", known.logins))
    with pytest.raises(LoginsError, match="another server"):
        prepare(prepared.home)


def test_lost_log_ins_of_the_embedded_server_are_said_in_words(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        pass
    embedded.stop(fresh.home)
    fresh.home.logins.unlink()
    refused = fresh.amanat("database", "prepare")
    assert refused.returncode == 3
    assert "logins.json" in refused.stderr
    assert "Traceback" not in refused.stderr


# --- a server of somebody else, reached by DATABASE_URL ---------------------------------------------------------------


@pytest.fixture
def outside(fresh: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An installation on an outside server, whose owner `boss` may make roles."""
    with embedded.running(fresh.home), fresh.connect("superuser", name="postgres") as superuser:
        superuser.execute("CREATE ROLE boss LOGIN CREATEROLE PASSWORD 'known'")
        superuser.execute("CREATE DATABASE members OWNER boss")
    embedded.start(fresh.home)
    url = f"postgresql://boss:known@/members?host={quote(where(fresh), safe='')}"
    return Installation(Home(fresh.home.folder / "outside"), {"DATABASE_URL": url})


def test_an_owner_who_may_make_roles_prepares_migrates_and_passes_the_check(outside: Installation) -> None:
    for words in (("database", "prepare"), ("database", "migrate"), ("database", "check")):
        done = outside.amanat(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    with outside.connect("web", name="members") as web:
        assert web.execute("SELECT current_user").fetchone() == ("members_web",)


def test_an_owner_who_may_not_is_told_what_to_do_and_an_administrator_can_do_it(
    outside: Installation, fresh: Installation
) -> None:
    with fresh.connect("superuser", name="postgres") as superuser:
        superuser.execute("ALTER ROLE boss NOCREATEROLE")
    refused = outside.amanat("database", "prepare")
    assert refused.returncode == 3
    assert "CREATEROLE" in refused.stderr
    assert "--print-sql" in refused.stderr
    printed = outside.amanat("database", "prepare", "--print-sql").stdout
    with fresh.connect("superuser", name="members") as superuser:
        for statement in printed.split(";\n")[:-1]:
            superuser.execute(sql.SQL(statement))
    assert outside.amanat("database", "migrate").returncode == 0
    with outside.connect("worker", name="members") as worker:
        assert worker.execute("SELECT current_user").fetchone() == ("members_worker",)


def test_a_second_machine_without_the_passwords_is_refused_until_it_renews_them(outside: Installation) -> None:
    assert outside.amanat("database", "prepare").returncode == 0
    second = Installation(Home(outside.home.folder.with_name("second")), outside.environment)
    refused = second.amanat("database", "prepare")
    assert refused.returncode == 3
    assert "copy the file" in refused.stderr
    assert second.amanat("database", "prepare", "--renew").returncode == 0
    with second.connect("web", name="members") as web:
        assert web.execute("SELECT 1").fetchone() == (1,)


def test_a_server_that_does_not_answer_is_said_in_words(outside: Installation) -> None:
    nowhere = {"DATABASE_URL": "postgresql://boss:hunter2@/members?host=%2Fnonexistent"}
    refused = outside.amanat("database", "prepare", **nowhere)
    assert refused.returncode == 3
    assert "Traceback" not in refused.stderr
    assert "hunter2" not in refused.stderr


def test_a_superuser_without_a_mind_for_it_is_no_fit_owner(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        make_logins(fresh.home, find_target(fresh.home))
        password = load_logins(fresh.home, find_target(fresh.home)).of("superuser").password or ""
        url = f"postgresql://postgres:{quote(password, safe='')}@/postgres?host={quote(where(fresh), safe='')}"
        careless = Installation(Home(fresh.home.folder / "outside"), {"DATABASE_URL": url})
        assert careless.amanat("database", "prepare").returncode == 0
        refused = careless.amanat("database", "check")
    assert refused.returncode == 1
    assert "the owner of the database is a superuser" in refused.stdout

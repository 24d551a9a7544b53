"""Each weakness is found by its name, with a mend; a fit database has none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from amanat.database.check import CheckError, findings, require
from stage.installation import Installation


def _names(installation: Installation) -> set[str]:
    return {one.name for one in findings(installation.home)}


@contextmanager
def _weakened(installation: Installation, weaken: str, mend: str) -> Iterator[None]:
    with installation.connect("superuser") as superuser:
        superuser.execute(weaken)
        yield
        superuser.execute(mend)


def test_a_fresh_installation_is_fit(prepared_once: Installation) -> None:
    assert findings(prepared_once.home) == []
    require(prepared_once.home)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("synchronous_commit", "off"),
        ("log_error_verbosity", "default"),
        ("log_min_error_statement", "error"),
        ("log_parameter_max_length", "-1"),
        ("log_parameter_max_length_on_error", "100"),
        ("log_statement", "all"),
        ("log_duration", "on"),
        ("log_min_duration_statement", "0"),
        ("log_min_duration_sample", "10"),
        ("log_transaction_sample_rate", "0.5"),
    ],
)
@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_weakened_setting_of_a_log_in_is_found(
    prepared_once: Installation, kind: str, setting: str, value: str
) -> None:
    role = f"amanat_{kind}"
    with _weakened(prepared_once, f"ALTER ROLE {role} SET {setting} = '{value}'", f"ALTER ROLE {role} RESET {setting}"):
        found = findings(prepared_once.home)
        assert [one.name for one in found] == [setting]
        assert setting in found[0].mend
        with pytest.raises(CheckError, match=setting):
            require(prepared_once.home)


@pytest.mark.parametrize("power", ["SUPERUSER", "BYPASSRLS", "CREATEROLE", "CREATEDB", "REPLICATION"])
@pytest.mark.parametrize("kind", ["web", "audit"])
def test_a_power_given_to_a_log_in_is_found(prepared_once: Installation, kind: str, power: str) -> None:
    role = f"amanat_{kind}"
    with _weakened(prepared_once, f"ALTER ROLE {role} {power}", f"ALTER ROLE {role} NO{power}"):
        assert [one for one in findings(prepared_once.home) if one.name == role and power in one.says + one.mend]


@pytest.mark.parametrize(
    ("weaken", "mend", "name"),
    [
        (
            "ALTER TABLE vault_folder NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE vault_folder FORCE ROW LEVEL SECURITY",
            "vault_folder",
        ),
        (
            "ALTER TABLE people_standing DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE people_standing ENABLE ROW LEVEL SECURITY",
            "people_standing",
        ),
        (
            "CREATE TABLE forgotten (subject uuid, diagnosis text)",
            "DROP TABLE forgotten",
            "forgotten",
        ),
        ("GRANT amanat_owner TO amanat_web", "REVOKE amanat_owner FROM amanat_web", "amanat_web"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "public"),
        ("GRANT CONNECT ON DATABASE amanat TO PUBLIC", "REVOKE CONNECT ON DATABASE amanat FROM PUBLIC", "amanat"),
        ("REVOKE amanat_migrate FROM amanat_owner", "GRANT amanat_migrate TO amanat_owner", "amanat_owner"),
        ("ALTER ROLE amanat_owner BYPASSRLS", "ALTER ROLE amanat_owner NOBYPASSRLS", "amanat_owner"),
        ("ALTER ROLE amanat_audit NOLOGIN", "ALTER ROLE amanat_audit LOGIN", "amanat_audit"),
    ],
)
def test_an_open_door_is_found_by_its_name(prepared_once: Installation, weaken: str, mend: str, name: str) -> None:
    with _weakened(prepared_once, weaken, mend):
        assert name in _names(prepared_once)


def test_a_state_folder_open_to_others_is_found(prepared_once: Installation) -> None:
    prepared_once.home.keys.chmod(0o750)
    assert _names(prepared_once) == {"keys"}
    prepared_once.home.keys.chmod(0o700)


def test_a_missing_secret_is_found(prepared_once: Installation) -> None:
    kept = prepared_once.home.secret_key.read_bytes()
    prepared_once.home.secret_key.unlink()
    assert _names(prepared_once) == {"secret_key"}
    prepared_once.home.secret_key.write_bytes(kept)
    prepared_once.home.secret_key.chmod(0o600)


def test_a_server_that_may_lose_a_commit_is_found(prepared_once: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: this server cannot be weakened from inside, so the control asks a question it cannot pass."""
    from amanat.database import check  # noqa: PLC0415  # its table is altered

    monkeypatch.setitem(check._SETTINGS, "fsync", ("off",))
    monkeypatch.setitem(check._SETTINGS, "data_checksums", ("off",))
    found = findings(prepared_once.home)
    assert {one.name for one in found} == {"fsync", "data_checksums"}
    assert any("pg_checksums" in one.mend for one in found)


def test_the_command_names_each_finding_and_its_mend(prepared_once: Installation) -> None:
    weaken, mend = "ALTER ROLE amanat_web SET log_statement = 'all'", "ALTER ROLE amanat_web RESET log_statement"
    with _weakened(prepared_once, weaken, mend):
        refused = prepared_once.amanat("database", "check")
    assert refused.returncode == 1
    assert "log_statement" in refused.stdout
    assert "to mend it" in refused.stdout
    assert prepared_once.amanat("database", "check").returncode == 0


def test_the_server_refuses_to_start_on_it(prepared_once: Installation, tmp_path: Path) -> None:
    weaken, mend = "ALTER ROLE amanat_web SET synchronous_commit = off", "ALTER ROLE amanat_web RESET ALL"
    with _weakened(prepared_once, weaken, mend):
        refused = prepared_once.amanat("serve", "--port", "9")
    assert refused.returncode == 3
    assert "synchronous_commit" in refused.stderr


def test_the_doctor_sees_a_fit_database_and_a_copy_that_is_missing(prepared_once: Installation) -> None:
    seen = prepared_once.amanat("doctor")
    assert seen.returncode == 1
    assert "✓ settings, roles, row security" in seen.stdout
    assert "✗ last copy of rows and keys: never" in seen.stdout


def test_nobody_but_the_owner_of_a_setting_is_asked(prepared_once: Installation) -> None:
    """The check itself needs no power: the web log-in can ask all of it."""
    with prepared_once.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute("SHOW data_directory")
    assert findings(prepared_once.home) == []

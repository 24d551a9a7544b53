"""logins.json: made once, private, and refused when it is missing, damaged or another server's."""

import json
import stat
from pathlib import Path

import pytest

from amanat.database.home import Home
from amanat.database.logins import (
    KINDS,
    LoginsError,
    django_settings,
    load_logins,
    make_logins,
    parameters,
    renew_logins,
)
from amanat.database.target import Target, parse_url

EMBEDDED = Target(host="/srv/socket", port="5432", name="amanat", embedded=True)
OUTSIDE = parse_url("postgresql://boss:hunter2@db.example/members")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_every_log_in_has_a_long_password_of_its_own(home: Home) -> None:
    made = make_logins(home, EMBEDDED)
    passwords = {one.password for one in made.logins.values()}
    assert set(made.logins) == {"superuser", "owner", *KINDS}
    assert len(passwords) == len(made.logins)
    assert min(len(password or "") for password in passwords) > 40
    assert stat.S_IMODE(home.logins.stat().st_mode) == 0o600


def test_log_ins_are_made_once(home: Home) -> None:
    assert make_logins(home, EMBEDDED) == make_logins(home, EMBEDDED)


def test_an_outside_server_keeps_its_owner_to_itself(home: Home) -> None:
    made = make_logins(home, OUTSIDE)
    assert set(made.logins) == set(KINDS)
    assert "hunter2" not in home.logins.read_text()
    assert parameters("owner", home, target=OUTSIDE)["user"] == "boss"


def test_missing_log_ins_say_how_to_get_them(home: Home) -> None:
    with pytest.raises(LoginsError, match="is missing") as refused:
        load_logins(home, EMBEDDED)
    assert "amanat database prepare" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"format": 2}', '{"format": 1, "place": "embedded"}', '{"format": 1, "logins": 3}']
)
def test_a_damaged_file_is_refused_in_words(home: Home, text: str) -> None:
    home.logins.write_text(text)
    with pytest.raises(LoginsError, match="is damaged"):
        load_logins(home, EMBEDDED)


def test_another_servers_log_ins_are_refused(home: Home) -> None:
    make_logins(home, EMBEDDED)
    with pytest.raises(LoginsError, match=r"embedded, not for db\.example:5432"):
        load_logins(home, OUTSIDE)


def test_renewing_changes_the_four_and_nothing_else(home: Home) -> None:
    before = make_logins(home, EMBEDDED)
    after = renew_logins(home, EMBEDDED)
    assert {kind for kind in before.logins if before.of(kind) != after.of(kind)} == set(KINDS)


def test_an_unknown_log_in_is_refused_with_those_there_are(home: Home) -> None:
    make_logins(home, EMBEDDED)
    with pytest.raises(LoginsError, match="`root`") as refused:
        parameters("root", home, target=EMBEDDED)
    assert "web, worker, migrate, audit, owner" in str(refused.value)


def test_the_web_login_is_the_default_of_django(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    make_logins(home, EMBEDDED)
    monkeypatch.delenv("AMANAT_LOGIN", raising=False)
    assert django_settings(home=home, target=EMBEDDED)["USER"] == "amanat_web"
    monkeypatch.setenv("AMANAT_LOGIN", "worker")
    settings = django_settings(home=home, target=EMBEDDED)
    assert (settings["USER"], settings["ROLE_PREFIX"]) == ("amanat_worker", "amanat")
    assert settings["OPTIONS"]["server_side_binding"] is True


def test_before_anything_is_prepared_the_settings_load_without_a_password(home: Home) -> None:
    settings = django_settings(home=home, target=EMBEDDED)
    assert settings["PASSWORD"] == ""
    assert not home.logins.exists()


def test_no_password_is_printed(home: Home) -> None:
    made = make_logins(home, EMBEDDED)
    for one in json.loads(home.logins.read_text())["logins"].values():
        assert one["password"] not in repr(made)

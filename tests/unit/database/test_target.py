"""Which database is meant: the URL's, or the embedded server of the state folder."""

from pathlib import Path

import pytest

from amanat.database.home import Home
from amanat.database.target import DatabaseUrlError, find_target, parse_url

HOME = Home(Path("/somewhere/amanat"))


def test_without_a_url_the_embedded_server_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("AMANAT_DATABASE", raising=False)
    target = find_target(HOME)
    assert target.embedded
    assert (target.host, target.name) == ("/somewhere/amanat/socket", "amanat")


def test_a_url_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://boss:p%40ss@db.example:6432/members?sslmode=verify-full")
    target = find_target(HOME)
    assert not target.embedded
    assert (target.host, target.port, target.name) == ("db.example", "6432", "members")
    assert (target.owner, target.password) == ("boss", "p@ss")
    assert target.options == {"sslmode": "verify-full"}


def test_a_socket_folder_may_be_named_in_the_query() -> None:
    target = parse_url("postgresql://boss:secret@/members?host=%2Frun%2Fpostgresql&port=5433")
    assert (target.host, target.port) == ("/run/postgresql", "5433")
    assert target.options == {}


@pytest.mark.parametrize(
    "url",
    [
        "mysql://boss:hunter2@db/members",
        "postgresql://boss:hunter2@db:notaport/members",
        "postgresql://boss:hunter2@db/",
        "postgresql://boss:hunter2@db/Members",
        "postgresql://boss:hunter2@db/a'; DROP ROLE x; --",
        f"postgresql://boss:hunter2@db/{'m' * 51}",
    ],
)
def test_a_url_that_names_no_database_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as refused:
        parse_url(url)
    assert "hunter2" not in str(refused.value)
    assert refused.value.hint


def test_a_target_does_not_print_its_password() -> None:
    assert "hunter2" not in repr(parse_url("postgresql://boss:hunter2@db/members"))

"""Commands that need the tables start the server themselves, and say in words what is missing."""

from stage.installation import Installation


def test_a_command_on_nothing_says_that_nobody_lets_it_in(fresh: Installation) -> None:
    refused = fresh.amanat("roster", "clients")
    assert refused.returncode == 3
    assert "the database refused" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_command_before_the_migration_says_what_is_not_there(fresh: Installation) -> None:
    assert fresh.amanat("database", "prepare").returncode == 0
    refused = fresh.amanat("roster", "clients")
    assert refused.returncode == 3
    assert "does not exist" in refused.stderr
    assert "Traceback" not in refused.stderr
    seen = fresh.amanat("doctor")
    assert "amanat database migrate" in seen.stdout


def test_a_command_starts_the_server_it_needs(fresh: Installation) -> None:
    for words in (("prepare",), ("migrate",)):
        assert fresh.amanat("database", *words).returncode == 0
    listed = fresh.amanat("roster", "clients")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout == ""

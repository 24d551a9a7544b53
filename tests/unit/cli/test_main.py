"""The frame of the command line: found by name, light to start, errors in words with a code."""

import errno
import subprocess
import sys

import click
import pytest

from amanat.cli import main
from amanat.errors import IntegrityError, MalformedError, NotFoundError, UnavailableError


def test_help_names_every_command() -> None:
    said = _amanat("--help")
    assert said.returncode == 0
    for name in main.COMMANDS:
        assert f"\n  {name} " in said.stdout


def test_the_frame_loads_neither_django_nor_a_driver() -> None:
    program = (
        "import sys; from amanat.cli import main; "
        "sys.exit(any(name in sys.modules for name in ('django', 'psycopg', 'granian', 'rich')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_an_unknown_command_is_refused() -> None:
    refused = _amanat("disclose-everything")
    assert refused.returncode == 2
    assert "No such command" in refused.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MalformedError("a bad word", hint="use a good one"), 2),
        (UnavailableError("no database"), 3),
        (IntegrityError("a broken seal"), 4),
        (NotFoundError("nobody"), 1),
    ],
)
def test_an_error_is_one_message_with_its_mend_and_the_code_of_its_kind(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def fails() -> None:
        raise error

    monkeypatch.setattr(main, "amanat", lambda: fails.main([], standalone_mode=False))
    with pytest.raises(SystemExit) as ended:
        main.main()
    said = capsys.readouterr()
    assert ended.value.code == code
    assert str(error).split(" (")[0] in said.err
    assert ("to mend it: use a good one" in said.err) == (code == 2)
    assert "Traceback" not in said.err


def test_a_part_that_is_not_installed_is_named_when_a_command_comes_to_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`amanat statement copy` needs no platform, `amanat statement publish` does."""

    def lacks(part: str) -> None:
        raise ModuleNotFoundError(f"No module named '{part}'", name=part)

    monkeypatch.setattr(main, "amanat", lambda: lacks("psycopg"))
    with pytest.raises(SystemExit) as ended:
        main.main()
    said = capsys.readouterr().err
    assert ended.value.code == 3
    assert "needs `psycopg`, which is not installed" in said
    assert 'pip install "amanat[server]"' in said
    monkeypatch.setattr(main, "amanat", lambda: lacks("amanat.nowhere"))
    with pytest.raises(ModuleNotFoundError):
        main.main()


def test_a_full_disk_is_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(main, "amanat", full)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 3
    assert "No space left" in capsys.readouterr().err


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_is_there_under_its_name(name: str) -> None:
    command = main.Commands().get_command(click.Context(main.amanat), name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_a_command_whose_part_is_not_installed_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None; sys.argv = ['amanat', 'database', 'status']; "
        "from amanat.cli.main import main; main()"
    )
    refused = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert refused.returncode == 3
    assert "amanat[server]" in refused.stderr
    assert "Traceback" not in refused.stderr


def _amanat(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "amanat.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)

"""The embedded server: private, asking everybody for a password, shared while used, and whole after a kill."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from amanat.database import embedded
from amanat.database.cluster import ClusterError, data_folder, server_process
from amanat.database.home import Home
from amanat.database.keeper import SETTINGS
from amanat.database.logins import parameters
from stage.installation import Installation, where


def test_it_trusts_nobody(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        rules = (data_folder(fresh.home) / "pg_hba.conf").read_text().splitlines()
        methods = {line.split()[-1] for line in rules if line.strip() and not line.startswith("#")}
        assert methods == {"scram-sha-256"}
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=where(fresh), user="postgres", dbname="postgres", password="guess")


def test_everything_it_keeps_is_closed_to_others(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        for folder in (fresh.home.folder, data_folder(fresh.home), Path(where(fresh)), fresh.home.logs):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
        for file in (fresh.home.logins, fresh.home.logs / "postgres.log"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_it_listens_on_its_socket_alone_and_keeps_every_setting(fresh: Installation) -> None:
    with embedded.running(fresh.home), fresh.connect("superuser", name="postgres") as connection:
        asked = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
        actual: dict[str, str] = dict(connection.execute(asked, (list(SETTINGS),)).fetchall())
        assert actual.pop("unix_socket_permissions") == "0700"
        timezones = {actual.pop("timezone", "UTC"), actual.pop("log_timezone")}
        assert timezones == {"UTC"}
        assert actual == {name: SETTINGS[name] for name in actual}
        assert actual["listen_addresses"] == ""
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_the_environment_of_its_starter_does_not_leak_in(fresh: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nonexistent")
    with embedded.running(fresh.home):
        assert embedded.status(fresh.home).process


def test_it_stops_when_its_last_user_is_gone_and_not_before(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        with embedded.running(fresh.home):
            process = server_process(fresh.home)
        time.sleep(0.3)
        assert server_process(fresh.home) == process
    assert _within(10, lambda: server_process(fresh.home) is None)


def test_a_user_killed_by_nine_counts_as_gone(fresh: Installation) -> None:
    with _another_user(fresh):
        assert server_process(fresh.home)
    assert _within(10, lambda: server_process(fresh.home) is None)


def test_many_processes_starting_at_once_share_one_server(fresh: Installation) -> None:
    fresh.home.create()

    def use(_: int) -> None:
        with _another_user(fresh):
            time.sleep(0.2)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(use, range(4)))
    log = (fresh.home.logs / "postgres.log").read_text()
    assert log.count("starting PostgreSQL") == 1


@pytest.mark.parametrize("keeper_too", [False, True], ids=["the server alone", "its keeper too"])
def test_it_starts_again_after_kill_nine_with_what_was_committed(fresh: Installation, *, keeper_too: bool) -> None:
    with embedded.running(fresh.home):
        with fresh.connect("superuser", name="postgres") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        process = server_process(fresh.home)
        assert process
        if keeper_too:
            os.kill(_parent(process), signal.SIGKILL)
        os.kill(process, signal.SIGKILL)
        with embedded.running(fresh.home), fresh.connect("superuser", name="postgres") as connection:
            assert server_process(fresh.home) != process
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_a_server_whose_keeper_was_killed_is_adopted_and_still_stops(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        process = server_process(fresh.home)
        assert process
        keeper = _parent(process)
        os.kill(keeper, signal.SIGKILL)
        assert _within(5, lambda: _parent(process) != keeper)
        with embedded.running(fresh.home):
            assert server_process(fresh.home) == process
    assert _within(10, lambda: server_process(fresh.home) is None)


def test_a_lock_file_that_names_a_stranger_does_not_stop_it(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        pass
    assert _within(10, lambda: server_process(fresh.home) is None)
    stale = data_folder(fresh.home) / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{data_folder(fresh.home)}\n0\n5432\n{where(fresh)}\n\n")
    with embedded.running(fresh.home):
        assert server_process(fresh.home) not in {None, os.getpid()}


def test_a_data_folder_half_made_is_made_anew(fresh: Installation) -> None:
    fresh.home.create()
    (fresh.home.postgres / "data.new" / "base").mkdir(parents=True)
    with embedded.running(fresh.home):
        assert not (fresh.home.postgres / "data.new").exists()


def test_a_disk_that_is_nearly_full_is_refused_before_anything_is_made(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=50 * 1024**2))
    with pytest.raises(ClusterError, match="only 50 MB are free") as refused, embedded.running(fresh.home):
        pass
    assert "free some space" in str(refused.value)
    assert not data_folder(fresh.home).exists()


def test_data_of_another_major_version_are_refused_kindly(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        version = embedded.status(fresh.home).version
    assert version
    assert _within(10, lambda: server_process(fresh.home) is None)
    (data_folder(fresh.home) / "PG_VERSION").write_text(f"{version - 1}\n")
    with (
        pytest.raises(ClusterError, match=f"made by PostgreSQL {version - 1}") as refused,
        embedded.running(fresh.home),
    ):
        pass
    assert "PG_BIN" in str(refused.value)
    (data_folder(fresh.home) / "PG_VERSION").write_text(f"{version}\n")


def test_a_state_folder_with_a_long_path_gets_a_short_socket(
    no_server_named: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / ("deep-" * 20) / "amanat")
    monkeypatch.setenv("AMANAT_HOME", str(home.folder))
    with embedded.running(home):
        socket = Path(parameters("superuser", home)["host"])
        assert len(str(socket)) < 90
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    embedded.stop(home)
    shutil.rmtree(socket)


def test_start_keeps_it_up_until_stop(fresh: Installation) -> None:
    assert fresh.amanat("database", "start").returncode == 0
    time.sleep(0.3)
    assert f"process {server_process(fresh.home)}" in fresh.amanat("database", "status").stdout
    assert fresh.amanat("database", "stop").returncode == 0
    assert server_process(fresh.home) is None
    assert "was not up" in fresh.amanat("database", "stop").stdout


def test_its_log_never_repeats_a_value(fresh: Installation) -> None:
    with embedded.running(fresh.home):
        with fresh.connect("superuser", name="postgres") as connection:
            connection.execute("CREATE TABLE one (name text PRIMARY KEY, number int)")
            for _ in range(2):
                with contextlib.suppress(psycopg.Error):
                    connection.execute("INSERT INTO one VALUES (%s, 1)", ("Amina-canary",))
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT 'Amina-canary'::int")
        assert "Amina-canary" not in (fresh.home.logs / "postgres.log").read_text()


@contextlib.contextmanager
def _another_user(installation: Installation) -> Iterator[None]:
    """A process that uses the server until it is killed."""
    program = (
        "from amanat.database import embedded, home\n"
        "with embedded.running(home.find_home()):\n"
        "    print('up', flush=True); input()"
    )
    environment = {**os.environ, "AMANAT_HOME": str(installation.home.folder)}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout
        assert user.stdout.readline() == "up\n"
        yield
        user.kill()


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def _within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return happened()

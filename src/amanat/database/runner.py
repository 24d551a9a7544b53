"""As whom the embedded server runs. PostgreSQL refuses root, so root starts it in a user namespace or as another user.

A namespace of its own gives the server a harmless user id while its files stay root's, under a folder of mode 0700
and without a new account. Where namespaces are forbidden it drops to an unprivileged account on a folder outside
the state folder, as that one is closed to everybody but root.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from amanat.database.home import Home, make_private_folder
from amanat.database.sockets import make_socket_folder, socket_folder
from amanat.errors import UnavailableError

_REACHABLE: Final = Path("/var/lib")
_CLEAN: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


class RunnerError(UnavailableError):
    """The embedded server cannot be run by this user."""


@dataclass(frozen=True)
class Runner:
    """What to put before a program of the server, and whose it becomes. `account` is None unless root drops to it."""

    before: tuple[str, ...] = ()
    account: pwd.struct_passwd | None = None

    def command(self, program: Path, *arguments: str) -> list[str]:
        return [*self.before, str(program), *arguments]

    def options(self) -> dict[str, Any]:
        """Keywords for subprocess: a clean environment (PGPORT and friends leak in) and the account."""
        clean: dict[str, Any] = {"env": _CLEAN, "cwd": "/", "stdin": subprocess.DEVNULL, "umask": 0o077}
        if self.account is None:
            return clean
        return clean | {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand a file or folder to the account, if there is one."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def find_runner() -> Runner:
    if os.geteuid() != 0:
        return Runner()
    return _namespace() or Runner(account=_account("postgres", "nobody"))


def prepare_folders(home: Home, runner: Runner) -> Path:
    """Make `home.postgres` and the socket folder usable by the runner, mode 0700; return the socket folder."""
    socket = socket_folder(home)
    if runner.account is None:
        make_private_folder(home.postgres)
        return make_socket_folder(home)
    _give_outside(home, runner, home.postgres)
    if socket.is_relative_to(home.folder):
        _give_outside(home, runner, socket)
    else:
        make_socket_folder(home, owner=runner.account.pw_uid)
        runner.give(socket)
    return socket.resolve()


def _namespace() -> Runner | None:
    """A user namespace, if the kernel allows it. Its id must have a name: initdb looks it up."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    account = _account("daemon", "nobody")
    before = (unshare, "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}", "--")
    tried = subprocess.run([*before, "true"], capture_output=True, check=False)  # noqa: S603  # our own words
    return Runner(before) if tried.returncode == 0 else None


def _account(*names: str) -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    for name in names:
        if name in known:
            return known[name]
    raise RunnerError(
        "root cannot run PostgreSQL, and there is no account to run it as",
        hint=f"make an account named `{names[-1]}`, run as an ordinary user, or set DATABASE_URL",
    )


def _give_outside(home: Home, runner: Runner, link: Path) -> None:
    """A folder that the account can reach, with a link to it where it is looked for."""
    digest = hashlib.sha256(os.fsencode(home.folder)).hexdigest()[:12]
    parent = _REACHABLE / f"amanat-{digest}"
    parent.mkdir(mode=0o711, exist_ok=True)
    parent.chmod(0o711)
    folder = parent / link.name
    if not folder.exists():
        make_private_folder(folder)
        runner.give(folder)
    if link.is_symlink():
        return
    if link.exists():
        raise RunnerError(
            f"{link} was made when this machine allowed user namespaces, and now it does not",
            hint="allow them again, run as an ordinary user, or set DATABASE_URL",
        )
    link.symlink_to(folder)

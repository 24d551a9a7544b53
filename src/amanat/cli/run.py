"""`amanat run`: from nothing to a working group in a browser, and everything stopped again on Ctrl-C.

The steps that need another log-in, the worker and the web server are processes of their own, as in real use.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import click
from rich.console import Console

from amanat.cli.database import server
from amanat.cli.site import django_as
from amanat.cli.steps import Steps
from amanat.database import check, prepare
from amanat.database.home import Home
from amanat.errors import UnavailableError

_COMMAND: Final = (sys.executable, "-m", "amanat.cli.main")
_ANSWERS_WITHIN: Final = 30.0
_STOPPED_WITHIN: Final = 15.0


class RunError(UnavailableError):
    """A part of the platform did not start, or ended by itself."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8400, show_default=True, envvar="AMANAT_PORT")
@click.option("--demo/--no-demo", default=True, help="Load the demo world into an empty database.")
def run(port: int, *, demo: bool) -> None:
    """Start everything and print where to look; Ctrl-C stops everything."""
    for asked in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _interrupt)
    steps = Steps(Console(highlight=False))
    try:
        with _platform(steps, free_port(port), demo=demo) as parts:
            _wait_for_end(parts)
    except KeyboardInterrupt:
        steps.console.print("stopped")


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RunError(f"no port from {wanted} on is free", hint="set AMANAT_PORT to another number")


@contextmanager
def _platform(steps: Steps, port: int, *, demo: bool) -> Iterator["dict[str, subprocess.Popen[bytes]]"]:
    with _database(steps) as here:
        _prepare(steps, here)
        # As the worker, who makes missing keys, puts the installed statement in force and loads the demo world.
        with django_as("worker"):
            _found(steps)
            if demo:
                _load_demo(steps)
        parts: dict[str, subprocess.Popen[bytes]] = {}
        try:
            with steps.step("web server"):
                _start(parts, port)
            _print_where(steps.console, port, demo=demo)
            yield parts
        finally:
            _stop(parts)


@contextmanager
def _database(steps: Steps) -> Iterator[Home]:
    began = time.monotonic()
    with server() as here:
        steps.done("database server", began)
        yield here


def _prepare(steps: Steps, here: Home) -> None:
    with steps.step("owner and log-ins"):
        prepare.prepare(here)
    with steps.step("tables"):
        _run_to_end("database", "migrate")
    with steps.step("checks"):
        check.require(here)


def _run_to_end(*words: str) -> None:
    done = subprocess.run([*_COMMAND, *words], capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode != 0:
        raise RunError(f"`amanat {' '.join(words)}` failed:\n{done.stderr.strip() or done.stdout.strip()}")


def _found(steps: Steps) -> None:
    from amanat.custody.founding import found  # noqa: PLC0415  # it needs Django

    with steps.step("keys and statement"):
        found()


def _load_demo(steps: Steps) -> None:
    from amanat.demo import load  # noqa: PLC0415  # it needs Django

    with steps.bars("demo world"):
        load.ensure_demo(steps.report)


def _start(parts: "dict[str, subprocess.Popen[bytes]]", port: int) -> None:
    parts["worker"] = _part("worker")
    parts["web server"] = _part("serve", "--port", str(port))
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while not _answers(port):
        _refuse_ended(parts)
        if time.monotonic() > deadline:
            raise RunError(f"the web server does not answer within {_ANSWERS_WITHIN:.0f} s")
        time.sleep(0.05)


def _part(*words: str) -> "subprocess.Popen[bytes]":
    """A group of processes of its own: Ctrl-C reaches it through us, and nothing of it is left behind."""
    return subprocess.Popen([*_COMMAND, *words], start_new_session=True)  # noqa: S603  # our own words


def _answers(port: int) -> bool:
    try:
        urlopen(f"http://localhost:{port}/", timeout=5).close()  # our own server
    except HTTPError as error:
        error.close()
        return True
    except (URLError, OSError):
        return False
    return True


def _print_where(console: Console, port: int, *, demo: bool) -> None:
    console.print(f"\n[bold]Amanat[/] is at [bold]http://localhost:{port}/[/]\n")
    if demo:
        from amanat.demo import load  # noqa: PLC0415  # it needs Django

        for one in load.sign_ins():
            console.print(f"  {one}", soft_wrap=True)
        if shutil.which("amanat") is None:
            console.print(f"\n[dim]`amanat` is {Path(sys.executable).with_name('amanat')}[/]", soft_wrap=True)
    console.print("\nCtrl-C stops everything; the data stay.")


def _refuse_ended(parts: "dict[str, subprocess.Popen[bytes]]") -> None:
    for name, part in parts.items():
        if part.poll() is not None:
            raise RunError(f"the {name} ended by itself", hint="its last words are above")


def _wait_for_end(parts: "dict[str, subprocess.Popen[bytes]]") -> NoReturn:
    while True:
        _refuse_ended(parts)
        time.sleep(0.5)


def _stop(parts: "dict[str, subprocess.Popen[bytes]]") -> None:
    """Ask each part to end, and end what does not; a second Ctrl-C must not cut this short."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for part in parts.values():
            part.terminate()
        deadline = time.monotonic() + _STOPPED_WITHIN
        for part in parts.values():
            with suppress(subprocess.TimeoutExpired):
                part.wait(max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(part.pid, signal.SIGKILL)
            part.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt

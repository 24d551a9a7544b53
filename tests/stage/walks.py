"""A page of the documentation, done as written: its commands run, their answers compared, its edits made.

`console` blocks hold commands, each behind `$ `, and what they print; `…` stands for anything. `text` blocks are added
to the file named last before them; `diff` blocks are made in it; what `markdown` blocks quote must stand in one of the
files.
"""

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from amanat.cli import main

_FENCED = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"`([\w-]+(?:\.\w+)+)`")

Around = Callable[[str], AbstractContextManager[object]]


def walk(page: Path, folder: Path, around: Around = lambda _: nullcontext()) -> list[str]:
    """Do what a page says, in a folder; each command inside what `around` gives for it. The commands that were run."""
    text, done, at = page.read_text(encoding="utf-8"), list[str](), 0
    for block in _FENCED.finditer(text):
        named, at = _FILE.findall(text[at : block.start()]), block.end()
        language, inside = block[2], block[3]
        if language == "console":
            done += _console(inside, folder, around)
        elif language in ("text", "diff"):
            _write(folder / named[-1], inside, language)
        elif language == "markdown":
            assert any(inside in one.read_text(encoding="utf-8") for one in folder.glob("*.md")), inside
    return done


def _console(text: str, folder: Path, around: Around) -> Iterator[str]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        with around(command):
            said = amanat(command, folder)[0]
        assert _fits(said, expected), f"$ {command}\n{said}"
        yield command


def amanat(command: str, folder: Path) -> tuple[str, int]:
    """What a command line prints, on a screen, and how it ends."""
    line, _, given = command.partition(" < ")
    program, *words = shlex.split(line)
    assert program == "amanat"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", [program, *words])
        patch.setattr(os, "environ", os.environ.copy())
        data = (folder / given).read_bytes() if given else b""
        with CliRunner().isolation(data) as (_, _, screen), pytest.raises(SystemExit) as ended:
            main.main()
        return screen.getvalue().decode(), int(ended.value.code or 0)


def _fits(said: str, expected: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def _write(file: Path, text: str, language: str) -> None:
    if language == "text":
        known = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(known + text, encoding="utf-8")
        return
    lines = text.splitlines(keepends=True)
    before, after = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
    whole = file.read_text(encoding="utf-8")
    assert whole.count(before) == 1, before
    file.write_text(whole.replace(before, after), encoding="utf-8")

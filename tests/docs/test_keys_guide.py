"""The guide to keys, walked as written, from top to bottom on one installation with people in it."""

import re
import subprocess
import sys
from pathlib import Path

from stage.group import Group
from stage.server import Clone

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "keys.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


def test_the_guide_is_walked_as_written(group: Group, database: Clone, tmp_path: Path) -> None:
    shares: list[str] = []
    assert len(COMMANDS) == 8
    for line in COMMANDS:
        words = line.replace("/vault", str(tmp_path)).split()
        typed = ""
        if words[1:] == ["keys", "escrow", "recover"]:
            for folder in (database.home.keys, database.home.keys / "accounts"):
                (folder / "provider.key").unlink()
            typed = "\n".join(shares[1:4])
        done = subprocess.run(
            [sys.executable, "-m", "amanat.cli.main", *words[1:]],
            env=database.environment, input=typed, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), line
        if dealt := re.findall(r"^amanat-share-1 .+$", done.stdout, re.MULTILINE):
            shares = dealt
    assert len(shares) == 5
    assert (tmp_path / "keys" / "manifest.json").exists()

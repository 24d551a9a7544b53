"""Compile the catalogues into the form that a running site reads: `python -m amanat.portals.translations.compile`.

Compiled catalogues are not kept in the repository; only one that is missing or older than its source is written.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from amanat.portals.folders import LOCALES


def compile_catalogues(folder: Path = LOCALES) -> list[Path]:
    """Write what is missing or stale below `folder` and return the files written."""
    return [_compile(source) for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _stale(source)]


def _stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


def _compile(source: Path) -> Path:
    """Write beside the target and rename: several processes may compile at once, and one may be reading."""
    language = source.parent.parent.name
    with source.open("rb") as text:
        catalogue = read_po(text, locale=language, abort_invalid=True)
    target = source.with_suffix(".mo")
    draft = target.with_name(f".{target.name}.{id(catalogue)}")
    with draft.open("wb") as binary:
        write_mo(binary, catalogue)
    return draft.replace(target)


if __name__ == "__main__":
    compile_catalogues()

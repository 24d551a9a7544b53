"""The statement in other languages: installed beside it (`ama.fr.md`), and read only while they say what it says.

The decider never asks a translation: it is for readers, and where the two could differ the base decides.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.lints.look import ENGLISH, Look
from amanat.statement.lints.translated import differing

_FOLDER: Final = "statements"
# SECURITY: a name from a statement's header and a language from a request become the name of a file.
_NAME: Final = re.compile(r"[a-z][a-z0-9-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def translation(statement: Statement, language: str) -> Statement | None:
    """The installed translation that says the same as `statement`; None if none is there or is to be read."""
    return None if faults(statement, language) else installed(statement.name, language)


@lru_cache(maxsize=16)
def faults(statement: Statement, language: str) -> tuple[Diagnostic, ...]:
    """Why the installed translation is not read: it does not compile, or does not say what `statement` says."""
    try:
        found = installed(statement.name, language)
    except StatementError as error:
        return tuple(error.diagnostics)
    return () if found is None else stale(statement, found)


def stale(statement: Statement, translated: Statement) -> tuple[Diagnostic, ...]:
    """Why this translation is not read beside `statement`: what it lacks, says otherwise, or no longer says."""
    return tuple(differing(Look(translated, base=statement)))


@lru_cache(maxsize=32)
def installed(name: str, language: str) -> Statement | None:
    """The translation of `name` that came with this installation. Raises `StatementError` if it is faulty."""
    if language == ENGLISH or not _NAME.fullmatch(name) or not _LANGUAGE.fullmatch(language):
        return None
    file = f"{name}.{language}.md"
    resource = files("amanat") / _FOLDER / file
    return compile_statement(resource.read_text(encoding="utf-8"), file) if resource.is_file() else None

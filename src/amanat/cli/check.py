"""`amanat check FILE…`: could this statement or overlay be put in force, and if not, where and how to mend it."""

import json
import sys
from typing import Any

import click

from amanat.statement.compile import Statement
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.overlay_compile import load_either
from amanat.statement.overlays import Overlay


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array, with an object for each file.")
def check(files: tuple[str, ...], *, as_json: bool) -> None:
    """Check statements and overlays: files, or installed ones by name. Ends with 1 if any has an error.

    Each finding shows the line it speaks of, what is wrong, why it matters and how to mend it.
    """
    read = [(file, _load(file)) for file in files]
    if as_json:
        click.echo(json.dumps([_object(file, found) for file, found in read], indent=2, ensure_ascii=False))
    else:
        for file, found in read:
            _tell(file, found)
    sys.exit(1 if any(isinstance(found, StatementError) for _, found in read) else 0)


def _load(file: str) -> Statement | Overlay | StatementError:
    try:
        return load_either(file)
    except StatementError as error:
        return error


def _tell(file: str, found: Statement | Overlay | StatementError) -> None:
    if isinstance(found, StatementError):
        click.echo(found.explain())
        click.echo(f"\n{file}: not put in force, {number(len(found.diagnostics), 'finding')}")
        return
    for warning in found.warnings:
        click.echo(warning.explain(file, found.text.split("\n")))
    sizes = [number(size, word) for word, size in _sizes(found).items()]
    click.echo(f"{file}: {_about(found)[1]} {found.version}, {', '.join(sizes)}, no errors")


def _about(found: Statement | Overlay) -> tuple[str, str]:
    """What it is, and how it is called."""
    return ("overlay", found.id) if isinstance(found, Overlay) else ("statement", found.name)


def _sizes(found: Statement | Overlay) -> dict[str, int]:
    if isinstance(found, Overlay):
        rules, declared = len(found.rules) + len(found.compels), len(found.duties)
    else:
        rules, declared = len(found.policy.rules), len(found.declarations)
    return {"section": len(found.sections), "rule": rules, "declaration": declared, "case": len(found.cases)}


def number(size: int, word: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{size} {word}{'' if size == 1 else 's'}"


def _object(file: str, found: Statement | Overlay | StatementError) -> dict[str, Any]:
    if isinstance(found, StatementError):
        return {"file": file, "in_force": False, "findings": [finding_object(one) for one in found.diagnostics]}
    what, name = _about(found)
    about = {what: name, "version": found.version, "digest": found.digest}
    sizes = {f"{word}s": size for word, size in _sizes(found).items()}
    findings = [finding_object(one) for one in found.warnings]
    return {"file": file, "in_force": True, **about, **sizes, "findings": findings}


def finding_object(one: Diagnostic) -> dict[str, Any]:
    """A finding, as JSON says it."""
    return {
        "line": one.line, "column": one.column, "length": one.length, "clause": one.clause, "level": one.level,
        "code": one.code, "what": one.message, "why": one.why, "hint": one.hint,
    }  # fmt: skip

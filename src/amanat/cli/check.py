"""`amanat check FILE…`: is this a statement that could be put in force, and if not, where and how to mend it."""

import json
import sys
from typing import Any

import click

from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import Diagnostic, StatementError


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array, with an object for each file.")
def check(files: tuple[str, ...], *, as_json: bool) -> None:
    """Check statements: files, or installed ones by name. Ends with 1 if any has an error.

    Each finding shows the line it speaks of, what is wrong, why it matters and how to mend it.
    """
    read = [(file, _load(file)) for file in files]
    if as_json:
        click.echo(json.dumps([_object(file, found) for file, found in read], indent=2, ensure_ascii=False))
    else:
        for file, found in read:
            _tell(file, found)
    sys.exit(1 if any(isinstance(found, StatementError) for _, found in read) else 0)


def _load(file: str) -> Statement | StatementError:
    try:
        return load_statement(file)
    except StatementError as error:
        return error


def _tell(file: str, found: Statement | StatementError) -> None:
    if isinstance(found, StatementError):
        click.echo(found.explain())
        click.echo(f"\n{file}: not put in force, {number(len(found.diagnostics), 'finding')}")
        return
    for warning in found.warnings:
        click.echo(warning.explain(file, found.text.split("\n")))
    sizes = [number(size, word) for word, size in _sizes(found).items()]
    click.echo(f"{file}: {found.name} {found.version}, {', '.join(sizes)}, no errors")


def _sizes(statement: Statement) -> dict[str, int]:
    return {
        "section": len(statement.sections),
        "rule": len(statement.policy.rules),
        "declaration": len(statement.declarations),
        "case": len(statement.cases),
    }


def number(size: int, word: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{size} {word}{'' if size == 1 else 's'}"


def _object(file: str, found: Statement | StatementError) -> dict[str, Any]:
    if isinstance(found, StatementError):
        return {"file": file, "in_force": False, "findings": [finding_object(one) for one in found.diagnostics]}
    about = {"statement": found.name, "version": found.version, "digest": found.digest}
    sizes = {f"{word}s": size for word, size in _sizes(found).items()}
    findings = [finding_object(one) for one in found.warnings]
    return {"file": file, "in_force": True, **about, **sizes, "findings": findings}


def finding_object(one: Diagnostic) -> dict[str, Any]:
    """A finding, as JSON says it."""
    return {
        "line": one.line, "column": one.column, "length": one.length, "clause": one.clause, "level": one.level,
        "code": one.code, "what": one.message, "why": one.why, "hint": one.hint,
    }  # fmt: skip

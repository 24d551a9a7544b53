"""`amanat lint STATEMENT`: does a statement that compiles also say all it must, and no more than it means?"""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import click

from amanat.cli.check import finding_object, number
from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.document import read_document
from amanat.statement.inventory import load_inventory
from amanat.statement.lints.lint import Report
from amanat.statement.lints.lint import lint as look_over

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_NAMED: Final = 12


@click.command()
@click.argument("statement")
@click.option("--inventory", type=_FILE, help="What a system does, as `amanat inventory --out` wrote it.")
@click.option("--base", metavar="STATEMENT", help="What a translation translates; else the installed one it names.")
@click.option("--strict", is_flag=True, help="As publication asks: a clause that nobody signed is an error.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def lint(statement: str, inventory: Path | None, base: str | None, *, strict: bool, as_json: bool) -> None:
    """Look a statement over, installed by name or a file. Ends with 1 if there is an error.

    Errors are what a statement must not be published with, warnings what its author should be able to explain. Without
    an inventory the lints that compare a system with its statement are told as not checked.
    """
    try:
        found = load_statement(statement)
        held = None if inventory is None else load_inventory(inventory)
        report = look_over(found, held, _base(found, base), strict=strict)
    except StatementError as error:
        _refused(statement, error, as_json=as_json)
    else:
        if as_json:
            click.echo(json.dumps(_object(statement, found, report), indent=2, ensure_ascii=False))
        else:
            _tell(statement, found, report)
        sys.exit(1 if report.errors else 0)


def _base(statement: Statement, named: str | None) -> Statement | None:
    """The statement that this one translates: the one given, else the installed one that its header names."""
    if named is not None:
        return load_statement(named)
    wanted = statement.header.get("translates")
    for file in files("amanat").joinpath("statements").iterdir() if wanted else ():
        if file.name.endswith(".md") and wanted == _called(file.read_text(encoding="utf-8")):
            return load_statement(file.name.removesuffix(".md"))
    return None


def _called(text: str) -> str:
    """Name and version of an original; a translation is nobody's base."""
    header = read_document(text).header
    return "" if "translates" in header else f"{header.get('statement')} {header.get('version')}"


def _refused(statement: str, error: StatementError, *, as_json: bool) -> None:
    if as_json:
        findings = [finding_object(one) for one in error.diagnostics]
        click.echo(json.dumps({"file": statement, "in_force": False, "findings": findings}, indent=2))
    else:
        click.echo(f"{error.explain()}\n\n{statement}: not looked over, for it does not compile")
    sys.exit(1)


def _tell(file: str, statement: Statement, report: Report) -> None:
    lines = statement.text.split("\n")
    for one in report.findings:
        click.echo(one.explain(file, lines) + "\n")
    for why in dict.fromkeys(report.unchecked.values()):
        codes = (code for code, reason in report.unchecked.items() if reason == why)
        click.echo(f"not checked: {', '.join(codes)} ({why})")
    if report.unsigned:
        rest = len(report.unsigned) - _MOST_NAMED
        named = ", ".join(report.unsigned[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        click.echo(f"not signed: {named}")
    errors = len(report.errors)
    warnings = len(report.findings) - errors
    told = f"{number(errors, 'error')}, {number(warnings, 'warning')}"
    signed = f"{len(statement.sections) - len(report.unsigned)} of {number(len(statement.sections), 'clause')} signed"
    click.echo(f"{file}: {statement.name} {statement.version}, {told}, {signed}")


def _object(file: str, statement: Statement, report: Report) -> dict[str, Any]:
    return {
        "file": file, "in_force": True, "statement": statement.name, "version": statement.version,
        "digest": statement.digest, "findings": [finding_object(one) for one in report.findings],
        "not_checked": dict(report.unchecked), "not_signed": list(report.unsigned),
    }  # fmt: skip

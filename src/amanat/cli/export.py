"""`amanat export`: a statement in a form that others read, to standard output; or the signature over just that."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from amanat.errors import UnavailableError
from amanat.statement.compile import Statement, load_statement
from amanat.statement.diagnostics import StatementError

_FORMATS = ("json", "cedar", "dpv", "odrl")
_PARTS = ("statement", "schema", "entities")


@click.command()
@click.option("--format", "form", type=click.Choice(_FORMATS), default="json", show_default=True)
@click.option("--part", type=click.Choice(_PARTS), default="statement", show_default=True, help="See below.")
@click.option(
    "--sign", "key", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="KEYFILE",
    help="Print the signature over this export instead, by an Ed25519 key (PEM).",
)  # fmt: skip
@click.argument("statement")
def export(statement: str, form: str, part: str, key: Path | None) -> None:
    """Write a statement, installed by name or a file, in another form.

    json: canonical JSON, for deciders. cedar: policies of the Cedar language. dpv, odrl: JSON-LD in the W3C Data
    Privacy Vocabulary 2.3 and in ODRL 2.2.

    Part `schema` is what the form is checked against: a JSON Schema, a Cedar schema or SHACL shapes. Part `entities`
    is the vocabulary, as Cedar needs it.
    """
    try:
        data = _written(form, part)(load_statement(statement)).encode()
    except StatementError as error:
        click.echo(error.explain(), err=True)
        sys.exit(1)
    click.echo(data if key is None else _signature(data, key), nl=False)


_Write = Callable[[Statement], str]


def _written(form: str, part: str) -> _Write:
    write = {"json": _json, "cedar": _cedar, "dpv": _linked, "odrl": _linked}[form](form, part)
    if write is None:
        raise click.UsageError(f"format {form} has no part {part}")
    return write


def _json(_: str, part: str) -> _Write | None:
    from amanat.statement.exports.canonical import canonical, schema_text  # noqa: PLC0415  # one form is asked for

    return {"statement": lambda one: canonical(one).decode(), "schema": lambda _: schema_text()}.get(part)


def _cedar(_: str, part: str) -> _Write | None:
    from amanat.statement.exports.cedar import cedar_policies  # noqa: PLC0415
    from amanat.statement.exports.cedar_request import cedar_entities, cedar_schema  # noqa: PLC0415

    return {
        "statement": lambda one: cedar_policies(one.policy),
        "schema": lambda _: cedar_schema(),
        "entities": lambda _: json.dumps(cedar_entities(), indent=1) + "\n",
    }[part]


def _linked(form: str, part: str) -> _Write | None:
    from amanat.statement.exports.dpv import dpv  # noqa: PLC0415
    from amanat.statement.exports.linked import shapes_text  # noqa: PLC0415
    from amanat.statement.exports.odrl import odrl  # noqa: PLC0415

    return {"statement": odrl if form == "odrl" else dpv, "schema": lambda _: shapes_text()}.get(part)


def _signature(data: bytes, key: Path) -> bytes:
    try:
        from amanat.statement.exports.signature import sign  # noqa: PLC0415  # an extra: needed to sign alone
    except ModuleNotFoundError as error:
        hint = 'pip install "amanat[server]"'
        raise UnavailableError(f"signing needs `{error.name}`, which is not installed", hint=hint) from None
    return sign(data, key.read_bytes())

"""`amanat preview`: what a choice changes for the person of a request (`docs/reference/preview.md`)."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from amanat.errors import MalformedError
from amanat.policy.consequences import CONTINUES, LESS, MORE, STARTS, STOPS, Preview, Told, foretell
from amanat.policy.wire import loads, read_request
from amanat.statement.compile import load_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.overlay_compile import load_overlays
from amanat.statement.overlays import Overlaid, clients_named
from amanat.vocabulary.choices import parse_choice
from amanat.vocabulary.terms import CATEGORY, RECIPIENT

_STANDINGS = (STOPS, LESS, STARTS, MORE, CONTINUES)


class NoChangeError(MalformedError):
    """The choice stands so already."""


@click.command()
@click.option("--choice", required=True, help="A kind, or kind:parameter, as in a request.")
@click.option("--give/--withdraw", "gives", default=None, help="Else it is turned round as it stands.")
@click.option("--statement", "name", default="ama", show_default=True, help="An installed statement, or a file.")
@click.option("--overlay", "overlays", multiple=True, help="An installed overlay by id, or a file; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def preview(choice: str, gives: bool | None, name: str, overlays: tuple[str, ...], *, as_json: bool) -> None:  # noqa: FBT001  # click's signature
    """Foretell what a choice changes for the person of the request on standard input.

    The request is that of `amanat decide`; its subject, facts and places count, and who asks for what does not:

        echo '{"subject": {"choices": ["medical_service"], …}, …}' | amanat preview --choice medical_service

    Whatever the services do is decided before and after, and so is whatever anybody may be told: the preview is the
    difference. Nothing is recorded.
    """
    try:
        statement = load_statement(name)
        around = load_overlays(overlays, statement)
    except StatementError as error:
        click.echo(error.explain(), err=True)
        sys.exit(1)
    person, written = read_request(loads(sys.stdin.buffer.read())), str(parse_choice(choice))
    gives = written not in person.choices if gives is None else gives
    if gives is (written in person.choices):
        raise NoChangeError(f"`{written}` is {'already' if gives else 'not'} among the subject's choices")
    overlaid, clients = Overlaid(statement.policy, around), clients_named(around)
    rules = (*statement.policy.rules, *(rule for one in around for rule in one.rules))
    found = foretell(
        lambda request: overlaid.decide(request, clients), rules, person,
        lambda choices: choices | {written} if gives else choices - {written},
    )  # fmt: skip
    told = _object(found, written, "give" if gives else "withdraw")
    click.echo(json.dumps(told, indent=2) if as_json else "\n".join(_lines(told)))


def _object(found: Preview, choice: str, act: str) -> dict[str, Any]:
    return {
        "choice": choice,
        "act": act,
        "services": {standing: [line.service for line in found.of(standing)] for standing in _STANDINGS},
        "no_longer_told": _tellings(found.untold),
        "newly_told": _tellings(found.told),
        "data": {
            "no_longer_kept": _leaves(found.ended),
            "kept_not_used": _leaves(found.locked),
            "newly_kept_or_used": _leaves(found.opened),
            "kept": _leaves(found.kept),
        },
        "talk_first": found.touches_casework,
    }


def _tellings(changed: Iterable[Told]) -> dict[str, list[str]]:
    """Recipient → data; a recipient told for another aim is written with it."""
    of: dict[tuple[str, str], set[str]] = {}
    for recipient, leaf, aim in changed:
        of.setdefault((aim, recipient), set()).add(leaf)
    ordered = sorted(of.items(), key=lambda one: (one[0][0], RECIPIENT.bit[one[0][1]]))
    return {f"{to} for other.{aim}" if aim else to: _leaves(leaves) for (aim, to), leaves in ordered}


def _leaves(leaves: Iterable[str]) -> list[str]:
    return CATEGORY.names_in(CATEGORY.union(leaves))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield f"preview: {told['act']} {told['choice']}"
    yield from (_line(standing, listed) for standing, listed in told["services"].items() if listed)
    for key, said in (("no_longer_told", "not told"), ("newly_told", "told")):
        yield from (_line(said, [f"{to}: {', '.join(data)}"]) for to, data in _alike(told[key]))
    yield from (_line(key.replace("_", " "), listed) for key, listed in told["data"].items() if listed)
    if told["talk_first"]:
        yield _line("open cases", ["whoever runs one could do less: talk to them first"])
    left = told["choice"] == "opt_out_service" and told["act"] == "give"
    yield _line("payer", [f"{'no more than that the person left' if left else 'nothing'} is sent about this choice"])


def _alike(tellings: dict[str, list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Recipients that the same is about, by as few names as cover them."""
    of: dict[tuple[str, ...], list[str]] = {}
    for to, data in tellings.items():
        of.setdefault(tuple(data), []).append(to)
    for same, listed in of.items():
        house = RECIPIENT.names_in(RECIPIENT.union(to for to in listed if to in RECIPIENT.bit))
        yield ", ".join([*house, *(to for to in listed if to not in RECIPIENT.bit)]), [*same]


def _line(said: str, listed: Iterable[str]) -> str:
    return f"  {said:<19}{' · '.join(listed)}"

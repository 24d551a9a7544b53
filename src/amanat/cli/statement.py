"""`amanat statement …`: copy an installed one to work on it; put statements and overlays in force, from a day on."""

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from amanat.errors import UndecidableError
from amanat.policy.rule import in_clause_order
from amanat.policy.solving import TooHardError
from amanat.statement.compile import load_statement
from amanat.statement.overlay_compile import load_overlay
from amanat.statement.properties import SUFFIX

if TYPE_CHECKING:
    from amanat.custody.touching import Touched

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_FROM: Final = click.option("--from", "day", type=_DAY, metavar="DATE", help="From the beginning of this day, in UTC.")


@click.group()
def statement() -> None:
    """The statements: copied to work on them, put in force, listed."""


@statement.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.md")
def copy(name: str, file: Path) -> None:
    """Copy an installed statement to a file, to work on it.

    Its properties, if it has any, go beside it. Nothing is ever written over.
    """
    if file.suffix != ".md":
        raise click.BadParameter(f"{file} must end in .md", param_hint="FILE.md")
    texts = {file: load_statement(name).text}
    properties = files("amanat") / "statements" / (name + SUFFIX)
    if properties.is_file():
        texts[file.with_name(file.stem + SUFFIX)] = properties.read_text(encoding="utf-8")
    if there := [one for one in texts if one.exists()]:
        raise click.BadParameter(f"{there[0]} is there already", param_hint="FILE.md")
    for one, text in texts.items():
        try:
            one.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise click.FileError(str(one), error.strerror) from error
        click.echo(f"{one} is written")


@statement.command()
@click.argument("name", metavar="NAME|FILE")
@_FROM
@click.option("--company", default="", metavar="CODE", help="For this company alone; all of them without it.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and change nothing.")
def publish(name: str, day: datetime | None, company: str, *, dry_run: bool) -> None:
    """Put a statement in force, by default from the day that it names itself.

    It must compile, be signed clause by clause, and have a higher number than the one before it. Running processes
    notice it by themselves. Under a clause that it widens, each person stays where they were until they answer. How
    many people are to be asked again, and to be told, is counted; nobody is listed.
    """
    _begin()
    from amanat.custody import publishing  # noqa: PLC0415  # it needs Django

    act, verb = (publishing.publishable, "would be") if dry_run else (publishing.publish, "is")
    new = act(load_statement(name), _date(day), company)
    click.echo(f"{new.name} {new.version} {verb} in force from {_at(new.since)} UTC for {company or 'everybody'}")
    if wider := in_clause_order(publishing.widened_by(new)):
        click.echo(f"wider under {', '.join(wider)}: whoever was there before stays as they were until they answer")
    try:
        click.echo(people_told(publishing.touched_by(new)))
    except (TooHardError, UndecidableError) as error:
        click.echo(f"people: not counted, and the rest stands: {error.detail}", err=True)


def people_told(touched: "Touched") -> str:
    """How many people a newer statement touches, on one line."""
    choices = f" ({', '.join(touched.choices)})" if touched.choices else ""
    return f"people: {touched.ask:,} to ask again{choices}; {touched.tell:,} to tell"


@statement.command()
@click.argument("name", metavar="ID|FILE")
@_FROM
def overlay(name: str, day: datetime | None) -> None:
    """Put an overlay in force around the statement: a law, binding rules, a policy, a contract."""
    _begin()
    from amanat.custody import publishing, words  # noqa: PLC0415  # they need Django

    base = words.newest([one.digest for one in publishing.published()])
    found = load_overlay(name, base)
    since = publishing.publish_overlay(found, _date(day))
    click.echo(f"{found.id} {found.version} is in force from {since:%Y-%m-%d %H:%M} UTC")


@statement.command()
@click.argument("overlay", metavar="ID")
@_FROM
def end(overlay: str, day: datetime | None) -> None:
    """Take an overlay out of force, such as a contract that is over."""
    _begin()
    from amanat.custody import publishing  # noqa: PLC0415  # it needs Django

    since = publishing.end_overlay(overlay, _date(day))
    click.echo(f"{overlay} is in force until {since:%Y-%m-%d %H:%M} UTC")


@statement.command()
def versions() -> None:
    """List what is, was and will be in force, the first one first."""
    _begin()
    from amanat.custody import publishing  # noqa: PLC0415  # it needs Django

    if not (listed := publishing.published()):
        click.echo("nothing is in force yet: `amanat worker` and `amanat run` put the installed texts in force")
    for one in listed:
        click.echo(f"{_at(one.since)}  {one.name} {one.version:<10} {one.company or 'everybody':<16} {one.digest}")
    for other in publishing.overlays_published():
        click.echo(f"{_at(other.since)}  {other.overlay} {other.version or 'ends':<10} {other.digest}")


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def _date(day: datetime | None) -> date | None:
    return day.date() if day else None


def _begin() -> None:
    from amanat.cli.site import django_as  # noqa: PLC0415  # it needs the server's part

    click.get_current_context().with_resource(django_as("worker"))

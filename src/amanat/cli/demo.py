"""`amanat demo`: the invented world, and the sign-in codes of its people. There is no bypass: the codes are real."""

import click

from amanat.cli.site import django_as


@click.group()
def demo() -> None:
    """The invented world for trying Amanat out."""


@demo.command()
def load() -> None:
    """Load the demo world into an empty database."""
    _as("worker")
    from amanat.demo.load import ensure_demo  # noqa: PLC0415  # it needs Django

    loaded = ensure_demo(lambda label, done, total: click.echo(f"  {label}: {done} of {total}"))
    click.echo("the demo world is loaded" if loaded else "a group is on record already; nothing was changed")


@demo.command()
@click.argument("name")
def code(name: str) -> None:
    """Print the current sign-in code of NAME (amina, basil, emil, petra, dina, yvonne)."""
    _as("web")
    from amanat.accounts.service import current_code  # noqa: PLC0415  # it needs Django
    from amanat.demo.load import PASSWORD, sign_ins  # noqa: PLC0415

    known = {one.name: one for one in sign_ins()}
    if name not in known:
        raise click.BadParameter(f"nobody of the cast is called {name}; try one of {', '.join(known)}")
    one = known[name]
    found = current_code(one.audience, one.email)
    click.echo(f"{one.email}\npassword: {PASSWORD}\ncode: {found.digits} (good from {found.usable_from:%H:%M:%S} UTC)")


def _as(login: str) -> None:
    click.get_current_context().with_resource(django_as(login))

"""The demo world with few people, for tests that want a whole group and not their own."""

from collections.abc import Iterator

import pytest

from amanat.demo.load import ensure_demo, sign_ins
from stage.databases import acting_as, installed
from stage.server import Clone, Server

FEW = 400
"""Members: a household or more of each client, and all who keep a record."""


@pytest.fixture(scope="module")
def demo(server: Server) -> Iterator[Clone]:
    """A database with the demo world in it, and Django connected to it as `web`. One for the tests of a module."""
    clone = server.clone()
    try:
        with installed(clone):
            load_demo(clone)
            yield clone
    finally:
        server.drop(clone)


def load_demo(clone: Clone, count: int = FEW) -> bool:
    with acting_as(clone, "worker"):
        return ensure_demo(lambda *_: None, count=count)


def cast_email(name: str) -> str:
    """What somebody of the demo's cast signs in with; the password is that of the tests' accounts."""
    return next(one.email for one in sign_ins() if one.name == name)

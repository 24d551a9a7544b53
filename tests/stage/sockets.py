"""Unit tests and properties reach no network: a socket that connects anywhere is an error."""

import socket
from typing import Any, NoReturn

import pytest

_CLOSED = ("/unit/", "/properties/")


class SocketBlockedError(RuntimeError):
    """A unit test tried to reach the network."""


@pytest.fixture(autouse=True)
def no_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not any(folder in request.path.as_posix() for folder in _CLOSED):
        return

    def refuse(*arguments: Any) -> NoReturn:
        raise SocketBlockedError("a unit test may not open a connection; make it an integration test")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)

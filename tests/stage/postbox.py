"""A real SMTP server that keeps what it is given, for tests that send mail."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Postbox:
    """A mail server that keeps what it is given, or answers what it is told to."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answer: str = "250 kept"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        self.envelopes.append(envelope)
        return "250 kept"

    @property
    def letters(self) -> list[EmailMessage]:
        contents = (one.content for one in self.envelopes)
        return [message_from_bytes(one, policy=policy.default) for one in contents if isinstance(one, bytes)]


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    box = Postbox()
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, ready_timeout=20)
    controller.start()
    monkeypatch.setenv("AMANAT_SMTP_URL", f"smtp://127.0.0.1:{port}")
    yield box
    controller.stop()

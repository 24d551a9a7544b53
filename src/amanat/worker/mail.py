"""The mail server that letters leave through: `AMANAT_SMTP_URL`, real SMTP, one recipient a letter.

Without the setting nothing is sent and messages wait. Errors of a mail server repeat the address it refused, so they
never reach a log: `MailServerError` says only what kind of error it was.
"""

import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from amanat.errors import MalformedError, UnavailableError

FORM = "smtp://host:port"
_SENDER = "Amanat <no-reply@localhost>"
_LONGEST_WAIT = 5
_PORTS = {"smtp": 25, "smtps": 465}


class MailServerError(UnavailableError):
    """The mail server did not take the letter."""


class RecipientRefusedError(MailServerError):
    """The mail server does not take letters to this recipient: `for_good`, or not now."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the mail server answered {code}")
        self.for_good = code >= 500


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters go. `smtps` speaks TLS from the first byte."""

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = ""


def find_server() -> Server | None:
    """The server that `AMANAT_SMTP_URL` names; None if it is not set."""
    return parse_url(url) if (url := os.environ.get("AMANAT_SMTP_URL")) else None


def parse_url(url: str) -> Server:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MalformedError("AMANAT_SMTP_URL does not name a mail server", hint=f"write it as {FORM}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def greet(server: Server) -> None:
    """See that the server answers. Raises `MailServerError`."""
    speak = smtplib.SMTP_SSL if server.tls else smtplib.SMTP
    with _without_addresses(), speak(server.host, server.port, timeout=_LONGEST_WAIT) as conversation:
        conversation.noop()


@contextmanager
def connected(server: Server) -> Iterator[EmailBackend]:
    """A conversation with the server. Raises `MailServerError` if there is none to be had."""
    backend = EmailBackend(
        host=server.host, port=server.port, username=server.user, password=server.password,
        use_ssl=server.tls, use_tls=False, timeout=_LONGEST_WAIT,
    )  # fmt: skip
    with _without_addresses():
        backend.open()
    try:
        yield backend
    except KeyboardInterrupt:
        # Asked to stop at once: taking leave of a server that hangs would take seconds.
        if backend.connection:
            backend.connection.close()
        backend.connection = None
        raise
    finally:
        backend.close()


def post(backend: EmailBackend, recipient: str, subject: str, body: str) -> None:
    """Hand one letter to the server, addressed to exactly one person."""
    sender = os.environ.get("AMANAT_MAIL_FROM") or _SENDER
    headers = {"Auto-Submitted": "auto-generated"}
    with _without_addresses():
        backend.send_messages([EmailMessage(subject, body, sender, [recipient], headers=headers)])


@contextmanager
def _without_addresses() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise RecipientRefusedError(min(code for code, _ in error.recipients.values())) from None
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerError(f"the mail server cannot be used: {type(error).__name__}") from None

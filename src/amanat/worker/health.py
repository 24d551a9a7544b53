"""Does what waits get sent? For `amanat doctor`; asks the database and the mail server, and needs no Django set up."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from amanat.database.check import Finding
from amanat.database.home import Home
from amanat.database.logins import connect
from amanat.database.queries import queries
from amanat.vocabulary import clock
from amanat.worker import mail

SQL = queries("amanat.worker")
_LONGEST_WAIT = timedelta(minutes=10)


def health(home: Home) -> list[Finding]:
    """What is wrong with the sending of messages, in the order in which it is best mended."""
    waiting = list(_waiting(home))
    return [*_server(sum(number for _, number, _ in waiting)), *_late(waiting)]


def _server(waiting: int) -> Iterator[Finding]:
    server = mail.find_server()
    if server is None:
        if waiting:
            yield Finding("mail", f"{waiting} messages wait for a mail server", f"set AMANAT_SMTP_URL to {mail.FORM}")
        return
    try:
        mail.greet(server)
    except mail.MailServerError as error:
        yield Finding("mail", f"{server.host}:{server.port}: {error.detail}", "start it, or mend AMANAT_SMTP_URL")


def _late(waiting: Iterable[tuple[str, int, datetime]]) -> Iterator[Finding]:
    for company, number, since in waiting:
        if clock.now() - since > _LONGEST_WAIT:
            says = f"{number} wait to be sent, the oldest since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            yield Finding(f"messages of {company}", says, "see that the worker and the mail server are up")


def _waiting(home: Home) -> Iterator[tuple[str, int, datetime]]:
    """Per company: how many messages are due, and since when the oldest is."""
    with connect("worker", home) as connection:
        for company, _ in connection.execute(SQL["companies"]).fetchall():
            connection.execute(SQL["within"], {"company": company})
            row = connection.execute(SQL["waiting"], {"company": company, "now": clock.now()}).fetchone()
            if row and row[0]:
                yield company, *row

"""Who acts: the value that every request carries from the door to the last line of the journal.

It holds ids only. An edge builds it from a proven sign-in, custody decides by it, nothing else makes one up.
"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """A signed-in person, or a part of the platform (`account` is None), acting for one group company.

    `organisation` is the client an administrator speaks for, `subject` the member who acts for herself, and
    `session` the public id of the session, never the secret in the cookie.
    """

    account: UUID | None
    role: str
    company: str
    organisation: str | None
    subject: UUID | None
    session: str

"""The route table: which path answers which method, to whom, and under which declared need.

Every URL pattern is built from a `Route` and nothing else makes one, so what is not declared here does not answer
and, by the system checks in `declarations`, does not start. Reading and changing never share a permission.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from amanat.custody.actor import Actor
from amanat.portals.frame import SignedIn
from amanat.vocabulary.needs import Need

SAFE = frozenset({"GET"})
METHODS = SAFE | {"POST"}


class Audience(enum.StrEnum):
    PUBLIC = "public"
    MEMBER = "member"
    DESK = "desk"
    CLIENT = "client"
    PRIVACY = "privacy"
    AUDIT = "audit"

    @property
    def prefix(self) -> str:
        """The URL space of this audience; no other audience's session is read there."""
        return "/" if self is Audience.PUBLIC else f"/{self.value}/"


class Access(enum.Enum):
    """The declarations of methods that show no member's data."""

    OPEN = "anyone may read this"
    SIGNED_IN = "anyone signed in to this audience may read this"
    LIST = "someone signed in lists what waits or what came in; it names nobody"
    JOURNAL = "an officer reads what was decided; that is recorded and not decided"
    SAMPLE = "an auditor draws a sample of decisions; the draw is recorded with its seed"
    VERDICT = "an officer says whether what staff did was proper; it names no member"
    SIGN_IN = "a stranger tries to sign in"
    SIGN_OUT = "someone signed in ends the session"
    LETTER = "a stranger leaves a letter"
    RENEW_RECOVERY = "someone signed in renews the recovery codes"


OPEN, SIGNED_IN = Access.OPEN, Access.SIGNED_IN
# What is read about nobody, although custody keeps it.
NAMES_NOBODY = frozenset({Access.LIST, Access.JOURNAL, Access.SAMPLE, Access.VERDICT})
UNSAFE_ACCESS = frozenset(Access) - {OPEN, SIGNED_IN, Access.LIST, Access.JOURNAL}
STRANGERS = frozenset({Access.OPEN, Access.SIGN_IN, Access.LETTER})

# What a method does: its first need is what it is there for, the others are what it does besides.
Declaration = Need | tuple[Need, ...] | Access


def needs_in(declared: Declaration) -> tuple[Need, ...]:
    """The needs of a declaration; an access has none, or what custody decides about what is left with us."""
    if isinstance(declared, Access):
        return LEFT_WITH_US.get(declared, ())
    return (declared,) if isinstance(declared, Need) else declared


# An access of strangers that leaves data with us: decided as about a visitor.
LEFT_WITH_US: Mapping[Access, tuple[Need, ...]] = {
    Access.LETTER: tuple(
        Need("collect", kind, (kind, "email"), ("web_system",), channels=("web_public",))
        for kind in ("enquiry", "complaint")
    )
}


class PortalRequest(HttpRequest):
    """A request that has passed its door: `actor` is proven, `declared` is what the route says it needs.

    On a route that is open to strangers `actor` and `signed_in` are there only when somebody is signed in.
    """

    actor: Actor
    signed_in: SignedIn
    route: "Route"
    declared: Declaration


View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Route:
    """One path of one audience. `path` is in Django's syntax and relative to the audience's prefix."""

    path: str
    view: View
    name: str
    audience: Audience
    methods: Mapping[str, Declaration]

    @property
    def full_name(self) -> str:
        return f"{self.audience}:{self.name}"

"""What surrounds every page: whose portal it is, who answers for it, who is signed in.

The audience follows from the path alone, so an error page looks right even when nobody could be signed in and
no database answers. The sign-in of an audience sets `request.signed_in`; nothing else feeds the frame.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.translation import pgettext

from amanat.portals.folders import AUDIENCES


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as the account menu may print it, and the company that answers for their pages.

    `until` is when their account closes by itself, if it does.
    """

    label: str
    company: str
    until: datetime | None = None


@dataclass(frozen=True)
class Frame:
    """The surroundings of one page. An empty `account` means that nobody is signed in. `asked` follows the path."""

    audience: str = "public"
    path: str = "/"
    account: str = ""
    company: str = ""
    asked: str = ""
    until: datetime | None = None

    @property
    def home(self) -> str:
        return "/" if self.audience == "public" else f"/{self.audience}/"

    @property
    def sign_out(self) -> str:
        return f"{self.home}sign-out/"

    @property
    def name(self) -> str:
        """The audience in the reader's language; the public site needs no name beside the brand."""
        names = {
            "member": pgettext("audience", "Members"),
            "desk": pgettext("audience", "Assistance desk"),
            "client": pgettext("audience", "Clients"),
            "privacy": pgettext("audience", "Privacy office"),
            "audit": pgettext("audience", "Auditor's room"),
        }
        return names.get(self.audience, "")


PLAIN: Final = Frame()


def audience_of(path: str) -> str:
    """The audience whose address space holds `path`; anything unclaimed is public."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in AUDIENCES else "public"


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Give every template its `frame` (a context processor)."""
    holder: SignedIn = getattr(request, "signed_in", None) or SignedIn("", "")
    asked = request.get_full_path().removeprefix(request.path)
    where = (audience_of(request.path), request.path)
    return {"frame": Frame(*where, holder.label, holder.company, asked, holder.until)}

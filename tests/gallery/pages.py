"""Renders the design system's living pages and serves them to a browser without a server or a network.

Every request of the page is answered from templates and static files, under the policy the site really sends.
"""

import datetime as dt
import json
import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from csp.utils import build_policy
from django.utils import translation
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Page, Route

from amanat.portals import folders
from amanat.portals.frame import Frame
from amanat.portals.jinja import environment

HERE = Path(__file__).parent
ORIGIN = "http://localhost"
MOMENT = dt.datetime(2026, 11, 23, 14, 32, tzinfo=dt.UTC)
ERROR_PAGES = ("400", "403", "404", "409", "429", "500", "503")
WORDS = json.loads((HERE / "words.json").read_text())
_LOADER = ChoiceLoader([FileSystemLoader([HERE, *folders.TEMPLATES])])


def render(template: str, language: str = "en", path: str = "/member/record/", **more: object) -> str:
    """One page as HTML, in one language, seen by somebody who is signed in."""
    audience = path.split("/")[1] if path != "/" else "public"
    words = WORDS.get(language, WORDS["en"])
    names: dict[str, object] = {
        "frame": Frame(audience, path, "Amina Al-Khatib", "Amanat Assistance Schweiz AG"),
        "csrf_input": "", "words": words, "errors": [], "moment": MOMENT, "until": MOMENT,
        "long_name": "Wolfeschlegelsteinhausenbergerdorff-Gunawardena, Maria-Theresia Elisabeth",
    }  # fmt: skip
    with translation.override(language):
        pages = environment(loader=_LOADER)
        return pages.get_template(template).render(names | more)


def show(page: Page, html: str, path: str = "/member/record/") -> None:
    """Put `html` at `path` of a site that has nothing else but the static files."""
    policy = build_policy()

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url).path
        if asked == path:
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
            route.fulfill(body=html, headers=headers)
            return
        file = folders.STATIC / asked.removeprefix("/static/")
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        route.fulfill(body=file.read_bytes(), content_type=kind) if file.is_file() else route.abort()

    page.route("**/*", answer)
    page.goto(ORIGIN + path)


def errors_of(words: dict[str, str]) -> list[tuple[str, str]]:
    return [("field-email", words["email_error"]), ("field-birth", words["birth_error"])]

"""A member's pages speak French wherever they speak English."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

import amanat
from amanat.portals.folders import LOCALES

_ROOT = Path(amanat.__path__[0])
_SOURCES = (
    *(_ROOT / "portals" / "member").rglob("*.html"),
    *(_ROOT / "portals" / "member").glob("*.py"),
    _ROOT / "emergency" / "forms.py",
)
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def _said() -> Iterator[tuple[str, str | None]]:
    for source in _SOURCES:
        method = "jinja2" if source.suffix == ".html" else "python"
        options = {"trimmed": "true", "newstyle_gettext": "true"}
        found = extract_from_file(method, source, keywords=_KEYWORDS, options=options)  # type: ignore[arg-type]
        for _, message, _, context in found:
            yield (message if isinstance(message, str) else next(filter(None, message))), context


def test_every_word_of_a_member_s_pages_is_there_in_french() -> None:
    french = read_po(BytesIO((LOCALES / "fr" / "LC_MESSAGES" / "django.po").read_bytes()), locale="fr")
    missing = {
        text for text, context in _said() if (found := french.get(text, context)) is None or not found.string
    }  # fmt: skip
    assert missing == set()

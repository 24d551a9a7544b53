"""The desk speaks French wherever it speaks English."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

import amanat
from amanat.portals.folders import LOCALES

_ROOT = Path(amanat.__path__[0])
_SOURCES = (
    *(_ROOT / "portals" / "desk").rglob("*.html"),
    *(_ROOT / "portals" / "desk").glob("*.py"),
    *(_ROOT / "portals" / "privacy" / "templates" / "privacy" / "reviews").glob("*.html"),
    _ROOT / "cases" / "forms.py",
)
_KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip


def _said() -> Iterator[tuple[str, str | None]]:
    for source in _SOURCES:
        method = "jinja2" if source.suffix == ".html" else "python"
        for _, message, _, context in extract_from_file(method, source, keywords=_KEYWORDS):  # type: ignore[arg-type]
            yield (message if isinstance(message, str) else next(filter(None, message))), context


def test_every_word_of_the_desk_is_there_in_french() -> None:
    french = read_po(BytesIO((LOCALES / "fr" / "LC_MESSAGES" / "django.po").read_bytes()), locale="fr")
    missing = {
        text for text, context in _said() if (found := french.get(text, context)) is None or not found.string
    }  # fmt: skip
    assert missing == set()

"""The clients' pages speak French wherever they speak English, down to what is wrong with a line of a file."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django.utils import translation

import amanat
from amanat.portals.client import words
from amanat.portals.folders import LOCALES
from amanat.portals.translations.compile import compile_catalogues
from amanat.rosters.columns import map_columns
from amanat.rosters.reading import open_sheet
from amanat.rosters.report import Fault, Rejection, RosterRefusedError

_ROOT = Path(amanat.__path__[0])
_SOURCES = (
    *(_ROOT / "portals" / "client").rglob("*.html"),
    *(_ROOT / "portals" / "client").glob("*.py"),
    *(_ROOT / "rosters").glob("*.py"),
)
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def _said() -> Iterator[tuple[str, str | None]]:
    for source in _SOURCES:
        method = "jinja2" if source.suffix == ".html" else "python"
        options = {"trimmed": "true", "newstyle_gettext": "true"}
        found = extract_from_file(method, source, keywords=_KEYWORDS, options=options)  # type: ignore[arg-type]
        for _, message, _, context in found:
            yield (message if isinstance(message, str) else next(filter(None, message))), context


def test_every_word_of_a_client_s_pages_is_there_in_french() -> None:
    french = read_po(BytesIO((LOCALES / "fr" / "LC_MESSAGES" / "django.po").read_bytes()), locale="fr")
    missing = {
        text for text, context in _said() if (found := french.get(text, context)) is None or not found.string
    }  # fmt: skip
    assert missing == set()


def test_every_fault_is_told_whole_in_each_language() -> None:
    compile_catalogues()
    for language in ("en", "fr"):
        with translation.override(language):
            for fault in Fault:
                told = words.fault(Rejection(1234, "", fault, (3, 5)))
                assert all(told)
                assert not any("%(" in part for part in told), told


def test_lines_are_listed_as_the_language_lists() -> None:
    with translation.override("fr"):
        assert words.fault(Rejection(2, "Nom", Fault.DUPLICATE, (3, 5)))[2] == (
            "Le même numéro de police figure aussi sur les lignes 3 et 5"
        )
    with translation.override("en"):
        assert words.fault(Rejection(2, "Name", Fault.DUPLICATE))[2].endswith("also stands on another line")


@pytest.mark.parametrize("data", [b"", b"a,b\n", "First name,Last name".encode("utf-16"), b'First name,"Last name\n'])
def test_every_refusal_is_told_whole(data: bytes) -> None:
    with translation.override("fr"), pytest.raises(RosterRefusedError) as refused:
        open_sheet(data)
    assert "%(" not in words.refusal(refused.value)


def test_the_columns_asked_for_are_the_columns_understood() -> None:
    asked = words.columns()
    understood = map_columns([one.header for one in asked])
    assert understood.dropped == ()
    assert len(understood.position) == len(asked)


def test_the_columns_called_needed_are_those_without_which_no_file_is_read() -> None:
    needed = [one.header for one in words.columns() if one.needed]
    map_columns(needed)
    for header in needed:
        with pytest.raises(RosterRefusedError):
            map_columns([one for one in needed if one != header])

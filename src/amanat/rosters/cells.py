"""One cell of a roster → one value, or the fault that keeps it out.

Strict where two readings are possible (dates), kind where only one is (country names in four languages). Text is
NFC and single-spaced; what a spreadsheet would execute and what a screen would not show never come in.
"""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Final

import phonenumbers
from babel import Locale
from babel.core import get_global

from amanat.rosters.report import Fault

MAX_CELL: Final = 200  # longer than any name, address or number the columns ask for
EARLIEST_BIRTH: Final = date(1900, 1, 1)
LANGUAGES: Final = ("en", "fr", "de", "es")

# What spreadsheets run when the file is opened again, full-width forms among them (CWE-1236).
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001
_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"[^\W_][\w ./-]{0,39}")
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_]([\w-]{0,61}[^\W_])"
)
_TAG: Final = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{2,8})*)", re.IGNORECASE)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_SLASHED: Final = re.compile(r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}|\d{1,2}\.\d{1,2}\.\d{2}", re.ASCII)

# Keys of CLDR that name no country: regions, islands inside a country, test codes.
_NO_COUNTRY: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
# Bidirectional overrides and isolates can make a name read as another one; joiners are spelling in many scripts.
_INVISIBLE: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\u2028\u2029")

_RELATIONS: Final = {
    "employee": "employee employees staff worker salarie salariee employe employee collaborateur collaboratrice"
    " mitarbeiter mitarbeiterin angestellter angestellte empleado empleada trabajador trabajadora",
    "dependant": "dependant dependent spouse husband wife partner child son daughter ayantdroit personneacharge"
    " conjoint conjointe epoux epouse enfant fils fille angehoriger angehorige ehepartner ehepartnerin ehemann"
    " ehefrau kind sohn tochter dependiente conyuge esposo esposa pareja hijo hija familiar",
    "member_of": "member memberof student pupil membre adherent adherente etudiant etudiante eleve mitglied"
    " student studentin schuler schulerin miembro socio socia estudiante alumno alumna",
    "beneficiary": "beneficiary insured cardholder beneficiaire assure assuree begunstigter begunstigte"
    " versicherter versicherte karteninhaber karteninhaberin beneficiario beneficiaria asegurado asegurada",
}
_GENDERS: Final = {
    "female": "f female woman w feminin femme weiblich frau femenino mujer",
    "male": "m male man masculin homme mannlich mann masculino hombre",
    "other": "x o d other diverse nonbinary autre divers anderes otro otra",
}
_MOBILITIES: Final = {
    "expatriate": "expatriate expat posted assignee expatrie expatriee detache detachee entsandt entsandter"
    " entsandte expatriado expatriada desplazado desplazada",
    "traveller": "traveller traveler businesstraveller voyageur voyageuse reisender reisende viajero viajera",
    "local": "local none local locale ortlich ortsansassig",
}


class CellError(Exception):
    """A cell does not hold what its column asks for. It carries the fault alone, never the value."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.what)


def plain(raw: str, *, phone: bool = False) -> str:
    """The cell's text, in NFC and single-spaced; formulas and what cannot be seen are faults."""
    if "\ufffd" in raw:
        raise CellError(Fault.BAD_BYTE)
    if len(raw) > MAX_CELL:
        raise CellError(Fault.TOO_LONG)
    if raw[0] in _FORMULA and not (phone and raw[0] == "+"):
        raise CellError(Fault.FORMULA)
    value = unicodedata.normalize("NFC", " ".join(raw.split()))
    if not value.isprintable() and any(_is_hidden(character) for character in value):
        raise CellError(Fault.HIDDEN_CHARACTER)
    if value.startswith(_FORMULA) and not (phone and value[0] == "+"):
        raise CellError(Fault.FORMULA)
    return value


def _is_hidden(character: str) -> bool:
    return character in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}


def folded(value: str) -> str:
    """The letters and digits alone, without case or marks; ae, oe, ue like ä, ö, ü. For comparing words only."""
    bare = unicodedata.normalize("NFKD", value.casefold())
    letters = "".join(_WORD.findall("".join(c for c in bare if not unicodedata.combining(c))))
    return letters.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def key(number_text: str) -> str:
    """How policy numbers are compared: spacing and case do not make two."""
    return " ".join(number_text.split()).casefold()


def text(value: str) -> str:
    return value


def number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise CellError(Fault.BAD_NUMBER)
    return value


def day(value: str) -> date:
    """ISO 8601 dates, and `31.12.2026`, which no country reads in another way."""
    if match := _ISO.fullmatch(value):
        year, month, of_month = match.groups()
    elif match := _DOTTED.fullmatch(value):
        of_month, month, year = match.groups()
    else:
        raise CellError(Fault.AMBIGUOUS_DATE if _SLASHED.fullmatch(value) else Fault.BAD_DATE)
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise CellError(Fault.BAD_DATE) from None


def country(value: str) -> str:
    code = _countries().get(value.lower()) or _countries().get(folded(value))
    if code is None:
        raise CellError(Fault.UNKNOWN_COUNTRY)
    return code


def language(value: str) -> str:
    """A BCP 47 tag in its usual spelling (`pt-BR`), from a tag or from a language's name."""
    known = _languages()
    if match := _TAG.fullmatch(value):
        tag, rest = match.groups()
        if tag.lower() in known.values():
            subtags = [_subtag(part) for part in re.split("[-_]", rest) if part]
            return "-".join([tag.lower(), *subtags])
    code = known.get(folded(value))
    if code is None:
        raise CellError(Fault.UNKNOWN_LANGUAGE)
    return code


def _subtag(part: str) -> str:
    """Regions in capitals, scripts in title case (BCP 47, section 2.1.1)."""
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower()


def email(value: str) -> str:
    local, _, domain = value.rpartition("@")
    if len(value) > 254 or len(local) > 64 or not _EMAIL.fullmatch(value):
        raise CellError(Fault.BAD_EMAIL)
    return f"{local}@{domain.lower()}"


def phone(value: str, region: str) -> str:
    """E.164. A number without country code is read as one of `region`; 112 and its like are nobody's number."""
    try:
        parsed = phonenumbers.parse(value, region or None)
    except phonenumbers.NumberParseException:
        raise CellError(Fault.BAD_PHONE) from None
    if parsed.extension:
        raise CellError(Fault.PHONE_EXTENSION)
    # Satellite numbers are real here and not "valid" everywhere, so possible is enough.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise CellError(Fault.BAD_PHONE)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def relation(value: str) -> str:
    return _one_of(_words("relations"), value, Fault.UNKNOWN_RELATION)


def gender(value: str) -> str:
    return _one_of(_words("genders"), value, Fault.UNKNOWN_GENDER)


def mobility(value: str) -> str:
    return _one_of(_words("mobilities"), value, Fault.UNKNOWN_MOBILITY)


def _one_of(words: dict[str, str], value: str, fault: Fault) -> str:
    found = words.get(folded(value))
    if found is None:
        raise CellError(fault)
    return found


@cache
def _words(which: str) -> dict[str, str]:
    tables = {"relations": _RELATIONS, "genders": _GENDERS, "mobilities": _MOBILITIES}
    return {folded(word): term for term, words in tables[which].items() for word in words.split()}


@cache
def _countries() -> dict[str, str]:
    """ISO 3166 codes of two and three letters, and the names of CLDR in four languages."""
    codes = set(_cldr_names("en", "territories", "[A-Z]{2}")) - _NO_COUNTRY
    found: dict[str, str] = {}
    for tag in LANGUAGES:
        names = _cldr_names(tag, "territories", "[A-Z]{2}")
        found.update({folded(name): code for code, name in names.items() if code in codes})
    for alias, successors in get_global("territory_aliases").items():
        if len(successors) == 1 and successors[0] in codes:
            found[str(alias).lower()] = successors[0]
    return found | {code.lower(): code for code in codes}


@cache
def _languages() -> dict[str, str]:
    """Language names in four languages, to the code of two or three letters."""
    found = {code: code for code in _cldr_names("en", "languages", "[a-z]{2,3}")}
    for tag in LANGUAGES:
        names = _cldr_names(tag, "languages", "[a-z]{2,3}")
        found.update({folded(name): code for code, name in names.items()})
    return found


def _cldr_names(tag: str, kind: str, shape: str) -> dict[str, str]:
    names = getattr(Locale(tag), kind).items()
    return {str(code): str(name) for code, name in names if re.fullmatch(shape, str(code))}

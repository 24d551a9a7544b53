"""Names of invented people, by locale, in their own script and in Latin letters (for e-mail addresses)."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})


@dataclass(frozen=True)
class Name:
    """A name as its bearer writes it, and its Latin spelling."""

    native: str
    latin: str


@dataclass(frozen=True)
class Names:
    """The common names of one locale. `family` holds the forms for men and for women, often the same."""

    given: Mapping[str, tuple[Name, ...]]
    family: tuple[Mapping[str, Name], ...]

    def pick_given(self, dice: random.Random, gender: str) -> Name:
        return dice.choice(self.given[gender])

    def pick_family(self, dice: random.Random) -> Mapping[str, Name]:
        return dice.choice(self.family)


@cache
def names_by_locale() -> Mapping[str, Names]:
    found: dict[str, dict[str, list[str]]] = {}
    locale = ""
    for line in files("amanat.demo").joinpath("names.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            locale = line.strip("[]")
        elif line and not line.startswith("#"):
            part, _, words = unicodedata.normalize("NFC", line).partition(": ")
            found.setdefault(locale, {})[part] = words.split()
    return {locale: _names(parts) for locale, parts in found.items()}


def _names(parts: Mapping[str, list[str]]) -> Names:
    given = {gender: tuple(_name(word, "male") for word in parts[gender]) for gender in ("female", "male")}
    family = tuple({gender: _name(word, gender) for gender in ("female", "male")} for word in parts["family"])
    return Names(given, family)


def mail_name(*names: Name) -> str:
    """`given.family` in the letters that every mail system takes."""
    return ".".join(_ascii(name.latin) for name in names)


def _ascii(latin: str) -> str:
    spelt = unicodedata.normalize("NFKD", latin.casefold().translate(_LIGATURES))
    return "".join(letter for letter in spelt if letter.isascii() and letter.isalnum())


def _name(word: str, gender: str) -> Name:
    native, _, latin = word.partition("=")
    return Name(_form(native, gender), _form(latin or native, gender))


def _form(word: str, gender: str) -> str:
    for_men, _, for_women = word.partition("/")
    return for_women or for_men if gender == "female" else for_men

"""How hard a text is to read: its Flesch-Kincaid grade, the years at school that its reader needs.

The public reads the statement, so lint L20 and the tests hold each clause to a grade. The measure is for English only
and knows its limits: syllables are counted by spelling, which errs by one in a few words of a hundred; a semicolon ends
no sentence; a number counts as a word of one syllable; it sees length, not sense.
"""

import re
from dataclasses import dataclass

MAX_GRADE = 9.5
MAX_SENTENCES = 3  # in one clause
MAX_WORDS = 32  # in one sentence

_LINK = re.compile(r"\[([^\]\[]+)\]\([a-z][a-z0-9_.:]*\)")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_BREAK = re.compile(r"(?<=[.!?])[\u201d\u2019\")]*\s+")
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*|\d+(?:[.,]\d+)*")

_VOWELS = re.compile(r"[aeiouy]+")
# An `e` that is written and not spoken: `made`, `rule`, `takes`, `asked`, `filled`; `safely`, `something`, `safety`.
_SILENT = re.compile(
    r"[^aeioul]e$|[aeiou]le$"
    r"|[^aeiouysxzcghl]es$|[aeiou]les$"
    r"|[^aeiouytdl]ed$|[aeioul]led$"
    r"|[^aeioul]e(?=ly$|ment|ful|less|ness|thing|time|where|guard|ty$)|re(?=fore$)"
)
# Vowels that stand together and are spoken apart: `saying`, `client`, `guardian`, `annual`, `quiet`, `previous`.
_APART = re.compile(
    r"(?<!q)[eouy](?=ing)|y(?=ers?$)|[^cst]i(?=en[ct])|^sci(?=en)|(?:[^aeiou]|qu)i(?=et)|o(?=ever)|^any(?=one)"
    r"|[dhnprv]i(?=a[^g])|li(?=a[^gn])|[ct]i(?=at)|[^aeocgstx]i(?=ous)|[drpvm]i(?=o[^nu]|o$|um)"
    r"|[^qg]u(?=a[lt]|ers?$|en[ct])|cre(?=at[eio])|ide(?=al?s?$)|re(?=as?$)|ope(?=an)|[lr]u(?=i[dn])|s(?=ms?$)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured of a text. `longest` is the number of words in its longest sentence."""

    sentences: int
    words: int
    syllables: int
    longest: int

    @property
    def grade(self) -> float:
        """Flesch-Kincaid; 0 for a text without words."""
        if not self.words:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def reading_of(text: str) -> Reading:
    """Measure prose; anchors count as the words they show, a placeholder such as `{company}` as one word."""
    said = [words for sentence in sentences_of(text) if (words := _WORD.findall(sentence))]
    return Reading(
        len(said),
        sum(map(len, said)),
        sum(syllables(word) for words in said for word in words),
        max(map(len, said), default=0),
    )


def plain(text: str) -> str:
    """The words that a reader sees, without links."""
    return _PLACEHOLDER.sub("Amanat", _LINK.sub(r"\1", text))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text. A full stop, question mark or exclamation mark before a space ends one."""
    return [one for one in _BREAK.split(plain(text).strip()) if one]


def syllables(word: str) -> int:
    """How many syllables a word has, by its spelling; at least one. The parts of a compound count apart.

    >>> [syllables(word) for word in ("clause", "client", "statement", "e-mail")]
    [1, 2, 2, 2]
    """
    parts = re.sub(r"['\u2019]", "", word.lower()).split("-")
    return sum(max(1, _spoken(part)) for part in parts)


def _spoken(part: str) -> int:
    return len(_VOWELS.findall(part)) + len(_APART.findall(part)) - len(_SILENT.findall(part))

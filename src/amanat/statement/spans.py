"""Where in a line a fault lies: the offending word, found again in the text as its author wrote it."""

import difflib
import re
from collections.abc import Iterable

from amanat.errors import MalformedError
from amanat.statement.diagnostics import Diagnostic, written
from amanat.statement.document import Line

_QUOTED = re.compile(r"`([^`]{1,300})`")
_HINT = re.compile(r"; (?=did you mean |known are |one of )")


class LineError(MalformedError):
    """A line of a rule cannot be read. `at` is the word at fault, if it is not the one named first."""

    def __init__(self, detail: str, *, hint: str | None = None, at: str = "") -> None:
        self.at = at
        super().__init__(detail, hint=hint)


def hint_for(word: str, known: Iterable[str], shown: Iterable[str] = ()) -> str:
    """How to mend an unknown word: the nearest known one, else those to choose from, or of many the ones to show."""
    words = list(known)
    near = difflib.get_close_matches(word[:60], words, n=1, cutoff=0.6)
    listed = sorted(one or "nothing" for one in (list(shown) or words))
    return f"did you mean `{near[0]}`?" if near else "one of " + ", ".join(listed)


def fault(line: Line, clause: str, code: str, error: MalformedError, about: str = "") -> Diagnostic:
    """A finding at the word that the error speaks of; at the whole line if it speaks of none in it."""
    column, length = span_of(line.text, (getattr(error, "at", ""), *_QUOTED.findall(error.detail)))
    message, hint = _apart(error)
    return Diagnostic(line.number, clause, code, about + message, hint, column=column, length=length)


def _apart(error: MalformedError) -> tuple[str, str]:
    """What is wrong and how to mend it: an error of the vocabulary says both in one sentence."""
    if error.hint:
        return error.detail, error.hint
    message, *hint = _HINT.split(error.detail, maxsplit=1)
    return message, "".join(hint)


def span_of(text: str, words: tuple[str, ...]) -> tuple[int, int]:
    """Column and length of the first of these words that stands in the line, else of all that is written in it."""
    for word in words:
        if word and (at := _find(text, word)) >= 0:
            return at + 1, len(word)
    return written(text)


def _find(text: str, word: str) -> int:
    """The word by itself if it stands so, else wherever it stands; the last place, for keys come before values."""
    alone = [found.start() for found in re.finditer(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text)]
    return alone[-1] if alone else text.find(word)


def finding(line: Line, clause: str, code: str, message: str, hint: str = "", *words: str) -> Diagnostic:
    """A finding at the first of `words` in the line."""
    column, length = span_of(line.text, words)
    return Diagnostic(line.number, clause, code, message, hint, column=column, length=length)

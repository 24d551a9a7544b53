"""What is wrong with a statement, told so that its author can mend it: where, what, why, and one hint.

A finding names its line, column and length; `excerpt` shows the offending line with a mark under the words.
"""

import re
import unicodedata
from dataclasses import dataclass

from amanat.errors import MalformedError
from amanat.statement.codes import WHY

# Reading stops at this many findings: nobody mends more at once, and a stranger's file cannot keep us busy.
MAX_FINDINGS = 200

_WINDOW = 120
# What a terminal would obey, what would turn the order of the letters round, and what is no letter at all.
UNSEEN = r"\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f"
_UNSEEN = re.compile(rf"[{UNSEEN}\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `level` is `error` (the statement is not put in force) or `warning`.

    Lines and columns count from 1; `length` 0 means that no single words are at fault.
    """

    line: int
    clause: str
    code: str
    message: str
    hint: str = ""
    level: str = "error"
    column: int = 0
    length: int = 0

    def __post_init__(self) -> None:
        """A message quotes a stranger's text, and is printed."""
        object.__setattr__(self, "message", visible(self.message))

    @property
    def why(self) -> str:
        """Why there is such a rule; empty for a finding that speaks for itself."""
        return WHY.get(self.code, "")

    @property
    def place(self) -> tuple[int, int, str, str]:
        """The key by which findings are sorted: from the top of the file to its end."""
        return (self.line, self.column, self.code, self.message)

    def render(self, file: str) -> str:
        """The finding without the line it speaks of."""
        where = f"{file}:{self.line}:{self.column}:" if self.column else f"{file}:{self.line}:"
        clause = f" clause {self.clause}:" if self.clause else ""
        return f"{where}{clause} {self.level} {self.code}: {self.message}" + self._told("hint", self.hint)

    def explain(self, file: str, lines: list[str]) -> str:
        """The finding with the offending line and a mark under the words, and why it is one."""
        shown = excerpt(self, lines)
        head, _, hint = self.render(file).partition("\n")
        return "\n".join(part for part in (head, shown, self._told("why", self.why).lstrip("\n"), hint) if part)

    @staticmethod
    def _told(what: str, text: str) -> str:
        return f"\n    {what}: {text}" if text else ""


def bounded(findings: list[Diagnostic]) -> list[Diagnostic]:
    """At most `MAX_FINDINGS`, from the top of the file, and a word that there may be more."""
    first = sorted(findings, key=lambda one: one.place)[:MAX_FINDINGS]
    if len(findings) < MAX_FINDINGS:
        return first
    told = f"these are {MAX_FINDINGS} findings, and there may be more"
    return [*first, Diagnostic(first[-1].line, "", "S011", told, "mend these first, then check again")]


def excerpt(finding: Diagnostic, lines: list[str]) -> str:
    """The offending line, at most a window of it, with carets under the words; empty if there is no such line."""
    if not (finding.length and 0 < finding.line <= len(lines)):
        return ""
    text, at = lines[finding.line - 1], finding.column - 1
    start = max(0, min(at - _WINDOW // 2, len(text) - _WINDOW)) if len(text) > _WINDOW else 0
    shown = visible(text[start : start + _WINDOW])
    before = visible(text[start:at])
    marked = visible(text[at : min(at + finding.length, start + _WINDOW)])
    number = f"{finding.line:>6} | "
    carets = " " * (len(number) + _width(before)) + "^" * max(1, _width(marked))
    return f"{number}{shown.rstrip()}\n{carets}"


def visible(text: str) -> str:
    """Text with nothing in it that a terminal would obey; tabs are one space."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\t", " "))


def _width(text: str) -> int:
    """Columns on a screen: wide letters take two, marks above a letter none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def written(text: str) -> tuple[int, int]:
    """Column and length of all that is written in a line."""
    return len(text) - len(text.lstrip()) + 1, len(text.strip())


class StatementError(MalformedError):
    """The statement has errors and is not put in force."""

    def __init__(self, file: str, diagnostics: list[Diagnostic], text: str = "") -> None:
        self.file = file
        self.diagnostics = sorted(diagnostics, key=lambda one: one.place)
        self.lines = text.split("\n")
        super().__init__("\n".join(one.render(file) for one in self.diagnostics))

    def explain(self) -> str:
        """All findings in full, from the top of the file to its end."""
        return "\n\n".join(one.explain(self.file, self.lines) for one in self.diagnostics)

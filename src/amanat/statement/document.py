"""The file as its author wrote it: a header, sections with prose, rules, cases and notes. No meaning yet.

Prose is ordinary Markdown whose load-bearing words are links to vocabulary terms: `[your employer](to:employer)`.
Reading is line by line and bounded, so a statement from a stranger is only ever data.
"""

import re
from dataclasses import dataclass, field

from amanat.statement.diagnostics import Diagnostic

MAX_BYTES = 2_000_000
MAX_LINES = 40_000
MAX_LINE = 4_000

_SECTION = re.compile(r"^### (?P<id>[0-9A-Z]+\.[0-9]+[a-z]?) (?P<title>\S.*)$")
_PART = re.compile(r"^## (?P<title>\S.*)$")
_NOTE = re.compile(r"^> (?P<kind>note|informative because|erratum|added because|source|approved)\b:? ?(?P<text>.*)$")
ANCHOR = re.compile(r"\[(?P<words>[^\]\[]{1,300})\]\((?P<target>[a-z][a-z0-9_.:]*)\)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A load-bearing word of the prose and the vocabulary term it stands for."""

    words: str
    kind: str
    term: str
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


@dataclass(slots=True)
class Section:
    """One clause: heading, prose, rule lines, case lines and notes."""

    id: str
    title: str
    line: int
    part: str = ""
    prose: list[Line] = field(default_factory=list)
    rules: list[Line] = field(default_factory=list)
    cases: list[Line] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.prose).strip()

    @property
    def anchors(self) -> list[Anchor]:
        return [
            Anchor(found["words"], *_split(found["target"]), line.number)
            for line in self.prose
            for found in ANCHOR.finditer(line.text)
        ]


def _split(target: str) -> tuple[str, str]:
    kind, _, term = target.partition(":")
    return kind, term


@dataclass(slots=True)
class Document:
    """A whole statement file. `header` holds the front matter; `world` the facts its cases start from."""

    header: dict[str, str] = field(default_factory=dict)
    world: list[Line] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)


def read_document(text: str) -> Document:
    """Split a statement file into sections. Faults are collected in `findings`, several at once, never raised."""
    document = Document()
    lines = text.splitlines()
    if len(text) > MAX_BYTES or len(lines) > MAX_LINES:
        document.findings.append(Diagnostic(1, "", "S001", "the file is too large", "at most 2 MB and 40,000 lines"))
        return document
    body = _read_header(document, lines)
    _Reader(document).read(lines, body)
    return document


def _read_header(document: Document, lines: list[str]) -> int:
    if not lines or lines[0].strip() != "---":
        document.findings.append(
            Diagnostic(1, "", "S002", "the header is missing", "begin with `---`, `statement:`, `version:`, `---`")
        )
        return 0
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == "---":
            return number
        key, colon, value = line.partition(":")
        if not colon or key.strip() in document.header:
            document.findings.append(
                Diagnostic(number, "", "S003", f"header line `{line[:60]}` is not `key: value`, once")
            )
        document.header[key.strip()] = value.partition("#")[0].strip()
    document.findings.append(Diagnostic(len(lines), "", "S002", "the header is never closed", "end it with `---`"))
    return len(lines)


class _Reader:
    """Walks the body with one state: which fence, if any, is open."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.part = ""
        self.section: Section | None = None
        self.fence: str | None = None
        self.opened = 0

    def read(self, lines: list[str], start: int) -> None:
        for number, text in enumerate(lines[start:], start + 1):
            if len(text) > MAX_LINE:
                self._fault(number, "S004", f"line is longer than {MAX_LINE} characters")
            else:
                self._line(number, text)
        if self.fence is not None:
            self._fault(
                self.opened,
                "S005",
                f"the `{self.fence}` block is never closed",
                "close it with three backticks",
            )

    def _line(self, number: int, text: str) -> None:
        if text.startswith("```"):
            self._fence_line(number, text[3:].strip())
        elif self.fence is not None:
            self._fenced(Line(number, text))
        elif part := _PART.match(text):
            self.part, self.section = part["title"], None
        elif text.startswith("###"):
            self._heading(number, text)
        elif note := _NOTE.match(text):
            if self.section is not None:
                self.section.notes.append((note["kind"], note["text"]))
        elif self.section is not None:
            self.section.prose.append(Line(number, text))

    def _heading(self, number: int, text: str) -> None:
        found = _SECTION.match(text)
        if found is None:
            self._fault(number, "S006", f"heading `{text[:60]}` has no clause id and title", "write `### 6.7 Title`")
            return
        if any(found["id"] == section.id for section in self.document.sections):
            self._fault(number, "S007", f"clause `{found['id']}` stands twice")
        self.section = Section(found["id"], found["title"].strip(), number, self.part)
        self.document.sections.append(self.section)

    def _fence_line(self, number: int, word: str) -> None:
        if self.fence is not None:
            self.fence = None
        elif word in ("rule", "cases", "world"):
            self.fence, self.opened = word, number
            if word != "world" and self.section is None:
                self._fault(number, "S008", f"a `{word}` block stands outside every clause")
        else:
            self.fence, self.opened = word or "?", number
            self._fault(number, "S009", f"unknown block `{word[:40]}`", "blocks are `rule`, `cases` and `world`")

    def _fenced(self, line: Line) -> None:
        if not line.text.strip():
            return
        if self.fence == "world":
            self.document.world.append(line)
        elif self.section is not None:
            (self.section.rules if self.fence == "rule" else self.section.cases).append(line)

    def _fault(self, line: int, code: str, message: str, hint: str = "") -> None:
        clause = self.section.id if self.section else ""
        self.document.findings.append(Diagnostic(line, clause, code, message, hint))

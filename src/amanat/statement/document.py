"""The file as its author wrote it: a header, sections with prose, rules, cases and notes. No meaning yet.

Prose is ordinary Markdown whose load-bearing words are links to vocabulary terms: `[your employer](to:employer)`.
Every line has its place in the document, so `statement.printer` can write the file again as it was. Reading is line by
line and bounded, so a statement from a stranger is only ever data.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from amanat.statement.diagnostics import MAX_FINDINGS, UNSEEN, Diagnostic, written

MAX_BYTES = 2_000_000
MAX_LINES = 40_000
MAX_LINE = 4_000
# What is beyond these is not read at all: it would take longer to check than anybody waits.
MOST = {"clauses": 5_000, "rules": 4_000, "cases": 4_000}

_SECTION = re.compile(r"^### (?P<id>[0-9A-Z]+\.[0-9]+[a-z]?) (?P<title>\S.*)$")
_PART = re.compile(r"^## (?P<title>\S.*)$")
_NOTE = re.compile(r"^> (?P<kind>note|informative because|erratum|added because|source|approved)\b:? ?(?P<text>.*)$")
# Marks of direction may stand: prose in some scripts needs them, and no word of the vocabulary has one.
_UNSEEN = re.compile(f"[{UNSEEN}]")
ANCHOR = re.compile(r"\[(?P<words>[^\]\[]{1,300})\]\((?P<target>[a-z][a-z0-9_.:]*)\)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A load-bearing word of the prose and the vocabulary term it stands for."""

    words: str
    kind: str
    term: str
    line: int
    column: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a clause: `> kind: text`."""

    line: Line
    kind: str
    text: str


@dataclass(slots=True)
class Fence:
    """A block between three backticks. `closing` is missing where the file ends first."""

    word: str
    opening: Line
    lines: list[Line] = field(default_factory=list)
    closing: Line | None = None

    @property
    def written(self) -> list[Line]:
        """What there is to read: no blank lines, and none beyond bounds."""
        return [line for line in self.lines if line.text.strip() and len(line.text) <= MAX_LINE]


Piece = Line | Fence | Note


def _fenced(pieces: Iterable[object], word: str) -> list[Line]:
    return [line for one in pieces if isinstance(one, Fence) and one.word == word for line in one.written]


@dataclass(slots=True)
class Section:
    """One clause: heading, prose, rule lines, case lines and notes, each read off the `body` in the file's order."""

    id: str
    title: str
    heading: Line
    part: str = ""
    body: list[Piece] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.heading.number

    @property
    def prose(self) -> list[Line]:
        return [one for one in self.body if isinstance(one, Line)]

    @property
    def rules(self) -> list[Line]:
        return _fenced(self.body, "rule")

    @property
    def cases(self) -> list[Line]:
        return _fenced(self.body, "cases")

    @property
    def notes(self) -> list[tuple[str, str]]:
        return [(one.kind, one.text) for one in self.body if isinstance(one, Note)]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.prose).strip()

    @property
    def anchors(self) -> list[Anchor]:
        return [
            Anchor(found["words"], *_split(found["target"]), line.number, found.start() + 1, len(found[0]))
            for line in self.prose
            for found in ANCHOR.finditer(line.text)
        ]


def _split(target: str) -> tuple[str, str]:
    kind, _, term = target.partition(":")
    return kind, term


@dataclass(slots=True)
class Document:
    """A whole statement file. `header` holds the front matter; `head` its lines as written; `body` all that follows."""

    header: dict[str, str] = field(default_factory=dict)
    head: list[Line] = field(default_factory=list)
    body: list[Line | Fence | Section] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        return [one for one in self.body if isinstance(one, Section)]

    @property
    def world(self) -> list[Line]:
        """The facts that cases start from, wherever the file declares them."""
        pieces = (piece for one in self.body for piece in (one.body if isinstance(one, Section) else (one,)))
        return _fenced(pieces, "world")


def read_document(text: str) -> Document:
    """Split a statement file into sections. Faults are collected in `findings`, several at once, never raised."""
    document = Document()
    if len(text) > MAX_BYTES or text.count("\n") > MAX_LINES:
        document.findings.append(Diagnostic(1, "", "S001", "the file is too large", "at most 2 MB and 40,000 lines"))
        return document
    lines = [Line(number, one) for number, one in enumerate(text.replace("\r\n", "\n").split("\n"), 1)]
    _Reader(document).read(lines, _read_header(document, lines))
    _bound(document)
    return document


def _bound(document: Document) -> None:
    """Of what is too much the first one is told, and nothing is read on."""
    sections = document.sections
    counted = {
        "clauses": [one.heading for one in sections],
        "rules": [line for one in sections for line in one.rules if not line.text[0].isspace()],
        "cases": [line for one in sections for line in one.cases],
    }
    for what, lines in counted.items():
        if len(lines) > MOST[what]:
            told = f"there are more than {MOST[what]:,} {what}"
            document.findings.append(_whole(lines[MOST[what]], "", "S001", told, "divide the statement"))
            document.body.clear()


def _read_header(document: Document, lines: list[Line]) -> int:
    """Take in the header; how many lines it has."""
    if lines[0].text.strip() != "---":
        mend = "begin with the lines `---`, `statement: …`, `version: …`, `effective: …` and `---`"
        document.findings.append(Diagnostic(1, "", "S002", "the header is missing", mend))
        return 0
    document.head.append(lines[0])
    for line in lines[1:]:
        document.head.append(line)
        if line.text.strip() == "---":
            return line.number
        if len(document.findings) < MAX_FINDINGS:
            _header_line(document, line)
    document.findings.append(Diagnostic(len(lines), "", "S002", "the header is never closed", "end it with `---`"))
    return len(lines)


def _header_line(document: Document, line: Line) -> None:
    key, colon, value = line.text.partition(":")
    if not colon or key.strip() in document.header:
        told = f"header line `{line.text[:60]}` is not `key: value`, once"
        document.findings.append(_whole(line, "", "S003", told, "drop it, or give it another key"))
    document.header[key.strip()] = value.partition("#")[0].strip()


def _whole(line: Line, clause: str, code: str, message: str, hint: str = "") -> Diagnostic:
    column, length = written(line.text)
    return Diagnostic(line.number, clause, code, message, hint, column=column, length=length)


class _Reader:
    """Walks the body with one state: which section and which fence, if any, are open."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.part = ""
        self.section: Section | None = None
        self.fence: Fence | None = None
        self.ids: set[str] = set()

    def read(self, lines: list[Line], start: int) -> None:
        for line in lines:
            if line.number > start:
                self._line(line)
            if len(line.text) > MAX_LINE:
                self._fault(
                    Line(line.number, ""), "S004", f"line is longer than {MAX_LINE:,} characters", "break it in two"
                )
            elif unseen := _UNSEEN.search(line.text):
                self._unseen(line, unseen)
        if self.fence is not None:
            told = f"the `{self.fence.word}` block is never closed"
            self._fault(self.fence.opening, "S005", told, "close it with three backticks")

    def _line(self, line: Line) -> None:
        text = line.text if len(line.text) <= MAX_LINE else ""
        if text.startswith("```"):
            self._fence_line(line, text[3:].strip())
        elif self.fence is not None:
            self.fence.lines.append(line)
        elif part := _PART.match(text):
            self.part, self.section = part["title"], None
            self.document.body.append(line)
        elif text.startswith("###"):
            self._heading(line)
        elif (note := _NOTE.match(text)) and self.section is not None:
            self.section.body.append(Note(line, note["kind"], note["text"]))
        else:
            self._put(line)

    def _put(self, piece: Line | Fence) -> None:
        if self.section is None:
            self.document.body.append(piece)
        else:
            self.section.body.append(piece)

    def _heading(self, line: Line) -> None:
        found = _SECTION.match(line.text)
        if found is None:
            told = f"heading `{line.text[:60]}` has no clause id and title"
            self._fault(line, "S006", told, "write `### 6.7 Title`")
            self._put(line)
            return
        if found["id"] in self.ids:
            self._fault(line, "S007", f"clause `{found['id']}` stands twice", "give the second one an id of its own")
        self.ids.add(found["id"])
        self.section = Section(found["id"], found["title"].strip(), line, self.part)
        self.document.body.append(self.section)

    def _fence_line(self, line: Line, word: str) -> None:
        if self.fence is not None:
            self.fence.closing, self.fence = line, None
            return
        self.fence = Fence(word or "?", line)
        self._put(self.fence)
        if word not in ("rule", "cases", "world"):
            told = f"unknown block `{word[:40]}`"
            self._fault(line, "S009", told, "blocks are `rule`, `cases` and `world`")
        elif word != "world" and self.section is None:
            told = f"a `{word}` block stands outside every clause"
            self._fault(line, "S008", told, "put it below the heading of its clause")

    def _unseen(self, line: Line, found: re.Match[str]) -> None:
        told = f"a character that no eye sees (U+{ord(found[0]):04X})"
        clause = self.section.id if self.section else ""
        self._add(Diagnostic(line.number, clause, "S010", told, "take it out", column=found.start() + 1, length=1))

    def _fault(self, line: Line, code: str, message: str, hint: str = "") -> None:
        self._add(_whole(line, self.section.id if self.section else "", code, message, hint))

    def _add(self, finding: Diagnostic) -> None:
        if len(self.document.findings) < MAX_FINDINGS:
            self.document.findings.append(finding)

"""Properties: what must hold of every request, in the words of rules, in a file beside the statement.

never: health data is used for advertising
  data  medical
  for   advertising

A `never` names what nothing may permit, as a prohibition would; a `can` names something that must stay possible. Keys
and words are those of rules; a line that is left out asks nothing. Lines that begin with `#` are comments (see
`docs/reference/prove.md`).
"""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from amanat.errors import MalformedError
from amanat.policy.prove import Analysis, Proof
from amanat.policy.rule import Box, Rule, RuleKind
from amanat.policy.solving import TooHardError
from amanat.statement.compile import read_file
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic, StatementError
from amanat.statement.document import Line
from amanat.statement.draft import HEAD, RuleDraft
from amanat.statement.rules import read_line
from amanat.statement.spans import fault

_KINDS: Final = ("never", "can")
_MOST: Final = 1_000
_MOST_LETTERS: Final = 1_000_000
_DIVIDE: Final = "divide the file; `--properties` names the one to prove"
SUFFIX: Final = ".properties.txt"
# What says nothing of one datum alone, or of whether it is permitted.
_ASKS_NOTHING: Final = ("beside", "need", "then")


@dataclass(frozen=True, slots=True)
class Property:
    """One thing to prove: that nothing is permitted which `rule` names, or with `possible` that something is."""

    title: str
    rule: Rule
    possible: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A property, whether it holds, and the requests that are permitted although or because of what it says."""

    asked: Property
    holds: bool
    proof: Proof


def check_properties(analysis: Analysis, asked: tuple[Property, ...]) -> list[Checked]:
    """Prove or refute each property over all requests. Raises `TooHardError` for one that would take too long."""
    return [_checked(analysis, one) for one in asked]


def _checked(analysis: Analysis, asked: Property) -> Checked:
    try:
        proof = analysis.never(asked.rule)
    except TooHardError as error:
        raise TooHardError(f"`{asked.title[:60]}`: {error.detail}", hint=error.hint) from None
    return Checked(asked, proof.holds is not asked.possible, proof)


def properties_of(statement: str) -> tuple[Property, ...]:
    """The properties that lie beside a statement, installed or in a file; none if there is no such file."""
    path = Path(statement)
    if path.suffix == ".md":
        beside = path.with_name(path.stem + SUFFIX)
        return load_properties(beside) if beside.exists() else ()
    resource = files("amanat") / "statements" / (statement + SUFFIX)
    return read_properties(resource.read_text(encoding="utf-8"), resource.name) if resource.is_file() else ()


def load_properties(file: Path) -> tuple[Property, ...]:
    """Read a property file; raises `StatementError`, also if it cannot be read at all."""
    return read_properties(read_file(file, "P000"), str(file))


def read_properties(text: str, file: str = "properties.txt") -> tuple[Property, ...]:
    """Read properties; raises `StatementError` with every fault found."""
    drafts: list[tuple[str, str, RuleDraft]] = []
    findings: list[Diagnostic] = []
    if len(text) > _MOST_LETTERS:
        raise StatementError(file, [Diagnostic(1, "", "P002", f"more than {_MOST_LETTERS:,} letters", _DIVIDE)])
    for number, written in enumerate(text.splitlines(), 1):
        line = Line(number, written)
        if len(findings) >= MAX_FINDINGS:
            break
        if not written.strip() or written.lstrip().startswith("#"):
            continue
        try:
            if written[:1].isspace():
                read_line(_last(drafts), line)
            else:
                drafts.append(_head(line))
        except MalformedError as error:
            findings.append(fault(line, "", "P001", error))
    findings += (_says_nothing(draft.places[key], key) for _, _, draft in drafts for key in _ASKS_NOTHING
                 if key in draft.places)  # fmt: skip
    if len(drafts) > _MOST:
        findings.append(Diagnostic(1, "", "P002", f"more than {_MOST:,} properties", _DIVIDE))
    if findings:
        raise StatementError(file, findings, text)
    return tuple(Property(title, draft.rule, kind == "can") for kind, title, draft in drafts)


def _last(drafts: list[tuple[str, str, RuleDraft]]) -> RuleDraft:
    if not drafts:
        raise MalformedError(
            "an indented line stands before any property", hint="write `never: …` or `can: …` above it"
        )
    return drafts[-1][2]


def _says_nothing(line: Line, key: str) -> Diagnostic:
    told = f"`{key}` asks nothing of a property, which is proved for one datum at a time"
    return fault(line, "", "P003", MalformedError(told, hint="leave it out; conditions begin with `if` or `unless`"))


def _head(line: Line) -> tuple[str, str, RuleDraft]:
    kind, colon, title = line.text.partition(":")
    if kind not in _KINDS or not colon or not title.strip():
        raise MalformedError(f"`{line.text[:60]}` is not a property", hint="write `never: …` or `can: …`")
    return kind, title.strip(), RuleDraft(Rule(f"P.{line.number}", RuleKind.FORBID, Box()), places={HEAD: line})

"""A statement file → a statement in force: sections for the page, one policy for the decider, one digest for both.

Faults are collected and raised together; a faulty statement never replaces the one in force.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from itertools import islice
from pathlib import Path
from string import ascii_lowercase

from amanat.policy.decider import Decider
from amanat.policy.interpreter import Policy
from amanat.policy.rule import NEVER, Rule, RuleKind
from amanat.statement.cases import Case, read_cases, read_world, run_cases
from amanat.statement.declarations import Declaration
from amanat.statement.declaring import DeclarationDraft, divide, read_declarations
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic, StatementError, bounded
from amanat.statement.document import MAX_BYTES, Document, Section, read_document
from amanat.statement.draft import RuleDraft
from amanat.statement.locks import anchor_lock, case_lock, twice
from amanat.statement.rules import read_rules
from amanat.statement.spans import finding

_INSTALLED = "statements"
_HEADER = ("statement", "version", "effective")
# What an installed statement may be called; anything else is the path of a file.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}")
# A day with room before and behind it, so that clocks can be counted from it.
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
# Bytes of the longest character.
_MAX_UTF8 = 4
_UTF8 = codecs.getincrementaldecoder("utf-8")


@dataclass(frozen=True)
class Statement:
    """A compiled statement. `digest` is SHA-256 over the file's bytes, in hexadecimal."""

    name: str
    version: str
    effective: str
    digest: str
    text: str
    sections: tuple[Section, ...]
    policy: Policy
    cases: tuple[Case, ...]
    drafts: dict[str, list[RuleDraft]]
    warnings: tuple[Diagnostic, ...]
    header: Mapping[str, str] = field(default_factory=dict)
    declarations: tuple[Declaration, ...] = ()

    def __hash__(self) -> int:
        """By its text: all the rest is read from it."""
        return hash(self.digest)

    @cached_property
    def decider(self) -> Decider:
        """The fast decider of its rules; it remembers, so keep the statement."""
        return Decider(self.policy)

    def declared(self, section: str) -> tuple[Declaration, ...]:
        """What the clause under this heading declares."""
        return tuple(one for one in self.declarations if one.clause == section)

    def section(self, clause: str) -> Section | None:
        """The section that holds a clause id: its own, or the one of its number (`6.9a` → `6.9`)."""
        by_id = {section.id: section for section in self.sections}
        return by_id.get(clause) or by_id.get(clause.rstrip(ascii_lowercase))


def load_statement(name_or_path: str) -> Statement:
    """Compile an installed statement by name (`ama`) or a file by path."""
    path = Path(name_or_path)
    named = _NAME.fullmatch(name_or_path) is not None
    if path.suffix == ".md" or not named or path.exists():
        return compile_statement(read_file(path), str(path))
    resource = files("amanat") / _INSTALLED / f"{name_or_path}.md"
    if not resource.is_file():
        told, mend = f"no statement `{name_or_path}` is installed", "give `ama`, or the path of a file that ends in .md"
        raise StatementError(name_or_path, [Diagnostic(1, "", "S000", told, mend)])
    return compile_statement(resource.read_text(encoding="utf-8"), f"{name_or_path}.md")


def read_file(path: Path, code: str = "S000") -> str:
    """The text of a file; of one that is far too large, only so much that it is found to be."""
    line, mend = 1, "give the path of a text file that you may read"
    try:
        with path.open("rb") as file:
            begun = file.read(_MAX_UTF8 * MAX_BYTES + _MAX_UTF8)
        return _UTF8().decode(begun, final=len(begun) <= _MAX_UTF8 * MAX_BYTES)  # what is cut off may cut a character
    except UnicodeDecodeError as error:
        line += error.object.count(b"\n", 0, error.start)
        told, mend = "cannot be read: here is a character that is not in UTF-8", "save the file as plain text in UTF-8"
    except OSError as error:
        told = f"cannot be read: {error.strerror}"
    except ValueError as error:
        told = f"cannot be read: {str(error)[:200]}"
    raise StatementError(str(path), [Diagnostic(line, "", code, told, mend)])


def compile_statement(text: str, file: str = "statement.md") -> Statement:
    """Read, check and compile; raises `StatementError` with every error found, up to a bound."""
    document = read_document(text)
    findings = [*document.findings, *_header_faults(document)]
    drafts, declared = _clauses(document, findings)
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()  # half a character is found all the same
    policy = Policy(_in_force(drafts), document.header.get("version", ""), digest)
    findings += twice(policy.rules, [one for listed in declared.values() for one in listed])
    cases = _cases(document, findings)
    if not any(one.level == "error" for one in findings):
        findings += run_cases(policy, cases)
        findings += [found for section in document.sections for found in case_lock(drafts[section.id], section)]
    if any(one.level == "error" for one in findings):
        raise StatementError(file, bounded(findings), text)
    header = document.header
    return Statement(
        header["statement"], header["version"], header["effective"], policy.digest, text,
        tuple(document.sections), policy, tuple(cases), drafts, tuple(findings), header,
        tuple(one.declaration(clause) for clause, listed in declared.items() for one in listed),
    )  # fmt: skip


def _header_faults(document: Document) -> Iterator[Diagnostic]:
    """What the header lacks; where it was not found at all, that is told already."""
    if any(one.code in ("S001", "S002") for one in document.findings):
        return
    for key in _HEADER:
        if not document.header.get(key):
            yield Diagnostic(1, "", "S003", f"header lacks `{key}`", f"add a line `{key}: …`")
    day = document.header.get("effective", "")
    if day and not is_day(day):
        (line, *_) = (line for line in document.head if line.text.partition(":")[0].strip() == "effective")
        yield finding(line, "", "S003", f"`{day[:40]}` is no day", "write it as `2027-01-31`", day)


def is_day(text: str) -> bool:
    """Whether this names a day as `2027-01-31` does."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _clauses(
    document: Document, findings: list[Diagnostic]
) -> tuple[dict[str, list[RuleDraft]], dict[str, list[DeclarationDraft]]]:
    """The rules and the declarations of each clause, held to its words."""
    drafts: dict[str, list[RuleDraft]] = {}
    declared: dict[str, list[DeclarationDraft]] = {}
    for section in document.sections:
        rules, declarations = divide(section.rules)
        known = len(findings)
        drafts[section.id] = read_rules(rules, section.id, findings)
        declared[section.id] = read_declarations(declarations, section.id, findings)
        if len(findings) == known and known < MAX_FINDINGS:  # of unread lines nobody knows what they would say
            lock = anchor_lock(section, drafts[section.id], declared[section.id])
            findings.extend(islice(lock, MAX_FINDINGS - known))
    return drafts, declared


def _in_force(drafts: dict[str, list[RuleDraft]]) -> tuple[Rule, ...]:
    return tuple(rule for listed in drafts.values() for draft in listed for rule in _meaning(draft))


def _meaning(draft: RuleDraft) -> Iterator[Rule]:
    """A prohibition `by default` is the empty answer itself; its `unless` is the one permit it leaves open."""
    if not draft.by_default:
        yield draft.rule
    elif draft.rule.unless != NEVER:
        yield replace(draft.rule, kind=RuleKind.PERMIT, when=draft.rule.unless, unless=NEVER)


def _cases(document: Document, findings: list[Diagnostic]) -> list[Case]:
    world = read_world(document.world, findings)
    return [case for section in document.sections for case in read_cases(section.cases, section.id, world, findings)]

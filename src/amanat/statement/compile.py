"""A statement file → a statement in force: sections for the page, one policy for the decider, one digest for both.

Faults are collected and raised together; a faulty statement never replaces the one in force.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from string import ascii_lowercase

from amanat.policy.interpreter import Policy
from amanat.policy.rule import NEVER, Rule, RuleKind
from amanat.statement.cases import Case, read_cases, read_world, run_case
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.document import Document, Section, read_document
from amanat.statement.draft import RuleDraft
from amanat.statement.locks import anchor_lock, case_lock, twice
from amanat.statement.rules import read_rules

_INSTALLED = "statements"
_HEADER = ("statement", "version", "effective")


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

    def section(self, clause: str) -> Section | None:
        """The section that holds a clause id: its own, or the one of its number (`6.9a` → `6.9`)."""
        by_id = {section.id: section for section in self.sections}
        return by_id.get(clause) or by_id.get(clause.rstrip(ascii_lowercase))


def load_statement(name_or_path: str) -> Statement:
    """Compile an installed statement by name (`ama`) or a file by path."""
    path = Path(name_or_path)
    if path.suffix == ".md" or path.exists():
        return compile_statement(_read_file(path), str(path))
    resource = files("amanat") / _INSTALLED / f"{name_or_path}.md"
    if not resource.is_file():
        raise StatementError(name_or_path, [Diagnostic(1, "", "S000", f"no statement `{name_or_path}` is installed")])
    return compile_statement(resource.read_text(encoding="utf-8"), f"{name_or_path}.md")


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StatementError(str(path), [Diagnostic(1, "", "S000", f"cannot be read: {error}")]) from None


def compile_statement(text: str, file: str = "statement.md") -> Statement:
    """Read, check and compile; raises `StatementError` with every error found."""
    document = read_document(text)
    findings = list(document.findings)
    findings += [Diagnostic(1, "", "S003", f"header lacks `{key}`") for key in _HEADER if not document.header.get(key)]
    drafts = {section.id: read_rules(section.rules, section.id, findings) for section in document.sections}
    findings += [found for section in document.sections for found in anchor_lock(section, drafts[section.id])]
    policy = Policy(_in_force(drafts), document.header.get("version", ""), hashlib.sha256(text.encode()).hexdigest())
    findings += twice(policy.rules)
    cases = _cases(document, findings)
    if not any(one.level == "error" for one in findings):
        findings += [found for case in cases if (found := run_case(policy, case))]
        findings += [found for section in document.sections for found in case_lock(drafts[section.id], section)]
    if any(one.level == "error" for one in findings):
        raise StatementError(file, findings)
    header = document.header
    return Statement(
        header["statement"], header["version"], header["effective"], policy.digest, text,
        tuple(document.sections), policy, tuple(cases), drafts, tuple(findings),
    )  # fmt: skip


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

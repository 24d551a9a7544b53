"""An overlay file → an overlay: the statement's own language, read beside the statement it makes stricter.

Its clauses are those of the statement, its cases start from the statement's world and run under both together, and a
case has to come out otherwise than without it: an overlay that changes nothing is not put in force.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Final

from amanat.policy.interpreter import Policy, decide
from amanat.policy.rule import Box, Rule, RuleKind
from amanat.statement.cases import Case, overweight, read_cases, read_world, run_case
from amanat.statement.compile import Statement, is_day, load_statement, read_file
from amanat.statement.declarations import Duty
from amanat.statement.declaring import DeclarationDraft, divide, read_declarations
from amanat.statement.diagnostics import MAX_FINDINGS, Diagnostic, StatementError
from amanat.statement.document import Document, Line, Section, read_document
from amanat.statement.draft import RuleDraft
from amanat.statement.locks import anchor_lock, case_lock, twice
from amanat.statement.loosening import loosenings, slower
from amanat.statement.overlays import EVERYWHERE, Overlaid, Overlay, clients_named, tightened
from amanat.statement.rules import read_rules
from amanat.vocabulary.clauses import OVERLAY_KINDS
from amanat.vocabulary.law import COUNTRIES_WITH_PACK, packs_of
from amanat.vocabulary.terms import PURPOSE

_INSTALLED: Final = "statements/overlays"
_HEADER: Final = ("overlay", "name", "version", "effective", "statement", "applies")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_CLIENT: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PLACES: Final = COUNTRIES_WITH_PACK | {pack for country in COUNTRIES_WITH_PACK for pack in packs_of(country)}
_COMPEL: Final = re.compile(r"compel +(?P<clause>[0-9A-Z]+\.[0-9]+[a-z]?)")
_COMPELLED: Final = {"for legal_order", "if order"}
_OPERANDS: Final = frozenset({("for", "legal_order"), ("if", "order")})


def installed_overlays() -> tuple[str, ...]:
    """The ids of the overlays that come with Amanat."""
    folder = files("amanat").joinpath(_INSTALLED)
    return tuple(sorted(_id(one.name) for one in folder.iterdir() if one.name.endswith(".md")))


def _id(file: str) -> str:
    """Files are named `law-EU.md`, for a colon is no letter of a file name everywhere."""
    return file.removesuffix(".md").replace("-", ":", 1)


def load_overlays(ids_or_paths: Iterable[str], base: Statement) -> list[Overlay]:
    """Compile several overlays; two of one id are an error."""
    loaded = {one: load_overlay(one, base) for one in dict.fromkeys(ids_or_paths)}
    known: dict[str, str] = {}
    for named, overlay in loaded.items():
        if overlay.id in known:
            message = f"overlay `{overlay.id}` was named before, as {known[overlay.id]}"
            raise StatementError(named, [Diagnostic(1, "", "O013", message, "leave one of them out")])
        known[overlay.id] = named
    return list(loaded.values())


def load_overlay(id_or_path: str, base: Statement) -> Overlay:
    """Compile an installed overlay by id (`law:EU`) or a file by path."""
    text, file = _source(id_or_path)
    return compile_overlay(text, base, file)


def load_either(name_or_path: str) -> Statement | Overlay:
    """An overlay around the installed statement that its header names, or else a statement."""
    if name_or_path not in installed_overlays() and not _is_overlay(Path(name_or_path)):
        return load_statement(name_or_path)
    text, file = _source(name_or_path)
    return compile_overlay(text, load_statement(read_document(text).header.get("statement") or "ama"), file)


def _is_overlay(path: Path) -> bool:
    """Whether a file says that it is an overlay; one that cannot be read says nothing."""
    try:
        text = path.read_text(encoding="utf-8") if path.suffix == ".md" else ""
    except (OSError, UnicodeDecodeError):
        return False
    return "overlay" in read_document(text).header


def _source(id_or_path: str) -> tuple[str, str]:
    """The text of an overlay, and the name of its file."""
    path = Path(id_or_path)
    if path.suffix == ".md":
        return read_file(path, "O000"), str(path)
    if id_or_path not in installed_overlays():
        hint = "one of " + ", ".join(installed_overlays())
        message = f"no overlay `{id_or_path[:60]}` is installed"
        raise StatementError(id_or_path, [Diagnostic(1, "", "O000", message, hint)])
    name = id_or_path.replace(":", "-", 1) + ".md"
    return files("amanat").joinpath(_INSTALLED, name).read_text(encoding="utf-8"), name


def compile_overlay(text: str, base: Statement, file: str = "overlay.md") -> Overlay:
    """Read, check and compile an overlay of `base`; raises `StatementError` with every error found."""
    document = read_document(text)
    findings = [*document.findings, *_header_faults(document.header, base)]
    kind = document.header.get("overlay", "")
    clauses = [_read_clause(section, kind, base, findings) for section in document.sections]
    rules = [draft.rule for one in clauses for draft in one.drafts]
    findings += twice(rules, [draft for one in clauses for draft in one.declared])
    cases = _cases(document, base, findings)
    _stop_at_errors(file, findings, text)
    overlay = _overlay(document.header, text, clauses, cases)
    findings += _shown(overlay, base, clauses)
    findings += [found for one in clauses for found in case_lock(one.forbids, one.section)]
    _stop_at_errors(file, findings, text)
    return replace(overlay, warnings=tuple(findings))


def _stop_at_errors(file: str, findings: list[Diagnostic], text: str) -> None:
    if any(one.level == "error" for one in findings):
        raise StatementError(file, findings, text)


def _header_faults(header: dict[str, str], base: Statement) -> Iterator[Diagnostic]:
    for key in _HEADER:
        if not header.get(key):
            yield Diagnostic(1, "", "O001", f"header lacks `{key}`", "an overlay needs " + ", ".join(_HEADER))
    if not is_day(header.get("effective") or "2027-01-31"):
        yield Diagnostic(1, "", "O001", "`effective` is no day", "write it as `2027-01-31`")
    if header.get("overlay", "law") not in OVERLAY_KINDS:
        yield Diagnostic(1, "", "O001", "`overlay` is of no known kind", "one of " + ", ".join(OVERLAY_KINDS))
    if not _NAME.fullmatch(header.get("name", "x")):
        yield Diagnostic(1, "", "O001", "`name` is no name", "letters, digits and hyphens, at most 40")
    if header.get("statement", base.name) != base.name:
        message = f"made for statement `{header['statement'][:40]}`, not for `{base.name}`"
        yield Diagnostic(1, "", "O001", message, f"write `statement: {base.name}`")
    yield from _places_faults(header.get("overlay", ""), _applies(header))


def _applies(header: dict[str, str]) -> frozenset[str]:
    return frozenset(word.strip() for word in header.get("applies", "").split(",") if word.strip())


def _places_faults(kind: str, applies: frozenset[str]) -> Iterator[Diagnostic]:
    hint = "countries (`CH`) and law packs (`EU`); `everywhere` for policies and binding rules; clients for contracts"
    for word in sorted(applies):
        client = _CLIENT.fullmatch(word) and word != EVERYWHERE
        place = word in _PLACES or (word == EVERYWHERE and kind != "law")
        if not (client if kind == "contract" else place):
            yield Diagnostic(1, "", "O002", f"`applies: {word[:40]}` names nothing this can apply to", hint)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of an overlay: what it says, its rules with its `compel` among them as a choice, and its duties."""

    section: Section
    drafts: list[RuleDraft]
    declared: list[DeclarationDraft]

    @property
    def forbids(self) -> list[RuleDraft]:
        return [draft for draft in self.drafts if draft.rule.kind is RuleKind.FORBID]


def _read_clause(section: Section, kind: str, base: Statement, findings: list[Diagnostic]) -> _Clause:
    """The rules of one clause, held to the locks of a statement and to those of an overlay."""
    if base.section(section.id) is None:
        message = f"the statement has no clause {section.id} to make stricter"
        findings.append(Diagnostic(section.line, section.id, "O010", message, "use an id of the statement"))
    compels, others = _apart(section.rules)
    rules, declarations = divide(others)
    drafts = read_rules(rules, section.id, findings)
    declared = read_declarations(declarations, section.id, findings)
    findings.extend(found for draft in drafts for found in loosenings(draft, kind, base.policy.rules))
    findings.extend(slower(declared, section.id, base.declarations))
    drafts += [_compel(block, section, kind, base, findings) for block in compels]
    findings.extend(islice(anchor_lock(section, drafts, declared), MAX_FINDINGS))
    return _Clause(section, drafts, declared)


def _apart(lines: Iterable[Line]) -> tuple[list[list[Line]], list[Line]]:
    """`compel` blocks, and all other rule lines."""
    compels: list[list[Line]] = []
    others: list[Line] = []
    room: list[Line] = others
    for line in lines:
        if not line.text[:1].isspace():
            room = others
            if line.text.startswith("compel"):
                room = []
                compels.append(room)
        room.append(line)
    return compels, others


def _compel(block: list[Line], section: Section, kind: str, base: Statement, findings: list[Diagnostic]) -> RuleDraft:
    """`compel 8.12`: its choices yield to a lawful order. It has no other form, so it can lift nothing else."""
    head, *lines = block
    named = _COMPEL.fullmatch(head.text.strip())
    clause = named["clause"] if named else ""
    findings.extend(
        Diagnostic(head.number, section.id, "O011", message, hint)
        for fails, message, hint in (
            (kind != "law", "`compel` is for the law alone", "leave it out"),
            (clause != section.id, "`compel` names no clause of its own", f"write `compel {section.id}`"),
            (sorted(" ".join(line.text.split()) for line in lines) != sorted(_COMPELLED),
             "`compel` lets a lawful order pass and nothing else", "two lines: `for legal_order`, `if order`"),
            (section.id.startswith("9."), "the measures of part 9 yield to nobody", "leave it out"),
            (not _has_choice(base, section.id), f"clause {section.id} holds no choice that could yield",
             "name the clause of the choice"),
        )
        if fails
    )  # fmt: skip
    rule = Rule(section.id, RuleKind.CHOICE, Box(purposes=PURPOSE.mask_of("legal_order")), line=head.number)
    return RuleDraft(rule, operands=set(_OPERANDS))


def _has_choice(base: Statement, clause: str) -> bool:
    return any(rule.kind is RuleKind.CHOICE and base.section(rule.section) is base.section(clause)
               for rule in base.policy.rules)  # fmt: skip


def _cases(document: Document, base: Statement, findings: list[Diagnostic]) -> list[Case]:
    """Cases start from the statement's world and from what the overlay adds to it."""
    world = read_world([*read_document(base.text).world, *document.world], findings)
    return [case for section in document.sections for case in read_cases(section.cases, section.id, world, findings)]


def _overlay(header: dict[str, str], text: str, clauses: list[_Clause], cases: Iterable[Case]) -> Overlay:
    overlay = f"{header['overlay']}:{header['name']}"
    rules = [draft.rule for one in clauses for draft in one.drafts]
    declared = [draft.declaration(one.section.id) for one in clauses for draft in one.declared]
    return Overlay(
        overlay, header["version"], header["effective"], hashlib.sha256(text.encode()).hexdigest(), text,
        _applies(header),
        tuple(replace(rule, id=f"{overlay}/{rule.id}") for rule in rules if rule.kind is not RuleKind.CHOICE),
        frozenset(rule.id for rule in rules if rule.kind is RuleKind.CHOICE),
        tuple(replace(duty, id=f"{overlay}/{duty.id}") for duty in declared if isinstance(duty, Duty)),
        tuple(one.section for one in clauses), tuple(cases),
    )  # fmt: skip


def _shown(overlay: Overlay, base: Statement, clauses: Iterable[_Clause]) -> Iterator[Diagnostic]:
    """Each case comes out as it says; each clause has one that comes out otherwise without the overlay."""
    if found := overweight(tightened(base.policy, (overlay,)), overlay.cases):
        yield found
        return
    overlaid = Overlaid(base.policy, (overlay,))
    changed: set[str] = set()
    for case in overlay.cases:
        policy = overlaid.around(case.request, clients_named([overlay])).policy
        if found := run_case(policy, case):
            yield found
        if _tells(policy, case) != _tells(base.policy, case):
            changed.add(case.clause)
    for one in clauses:
        if one.drafts and one.section.id not in changed:
            message = f"no case of clause {one.section.id} comes out otherwise without the overlay"
            hint = "add a case that shows what it changes"
            yield Diagnostic(one.section.line, one.section.id, "O012", message, hint)


def _tells(policy: Policy, case: Case) -> tuple[object, ...]:
    decision = decide(policy, case.request)
    return (decision.outcome, decision.clauses, decision.obligations)

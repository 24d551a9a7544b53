"""What has to hold of any statement and of any request line, however damaged: shared by the tests and the drill.

A compiled statement is held against a naive reading of its text that knows nothing of the compiler: whatever a block
says stands in its rule, and whatever a rule means was said.
"""

import json
import random
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from types import FrameType
from typing import Any, Final, Protocol

from amanat.errors import MalformedError
from amanat.policy.decision import Decision, Outcome
from amanat.policy.interpreter import Policy, decide
from amanat.policy.lines import Lines, _identity
from amanat.policy.request import Request
from amanat.policy.rule import Condition, Rule
from amanat.policy.wire import loads, read_request, write_decision
from amanat.statement.compile import Statement, compile_statement
from amanat.statement.diagnostics import StatementError
from amanat.statement.document import Line, Section, read_document
from amanat.statement.draft import RuleDraft
from amanat.statement.keys import AXES
from amanat.statement.printer import print_document, print_draft
from amanat.statement.rules import read_rules
from amanat.statement.signing import is_signed, sign
from amanat.vocabulary.terms import PROFILE
from stage.damages import damaged
from stage.drawn_statements import draw_statement
from stage.draws import draw_small_request, seeded
from stage.wild_requests import draw_line

MOST_SECONDS: Final = 1.0
# So many statements share one that is sound: it costs more to draw than to damage.
OF_ONE: Final = 8
_DECLARED: Final = ("duty", "right", "define", "consequence")
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Block = tuple[str, tuple[str, ...]]
Decide = Callable[[Request], Decision]


class Answering(Protocol):
    """Whatever answers lines."""

    def answer(self, line: bytes, number: int) -> tuple[bytes, bool]: ...


class TookTooLongError(Exception):
    """One second of the processor's time is over."""


@contextmanager
def in_time(seconds: float = MOST_SECONDS) -> Iterator[None]:
    """Stop what takes longer, hanging patterns included. The processor's time counts, so a busy machine is no fault."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLongError(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@lru_cache(maxsize=1)
def sound_statement(number: int) -> Statement:
    """A drawn statement that compiles, each clause signed."""
    drawn = compile_statement(draw_statement(seeded(number)))
    return compile_statement(sign(drawn, "Dina Weber", date(2026, 11, 23)))


def try_statement(seed: int) -> str:
    """Compile one statement: `sound`, `refused`, or `read` although it was damaged. Anything else is a failure."""
    base, draw = sound_statement(seed // OF_ONE), seeded(seed)
    text = damaged(base.text, draw) if seed % OF_ONE else base.text
    with in_time():
        assert print_document(read_document(text)) == text.replace("\r\n", "\n")
        found = compiled(text)
    if isinstance(found, StatementError):
        assert seed % OF_ONE, "a sound statement is refused"
        told_in_words(found)
        return "refused"
    _read_whole(found)
    _opens_nothing_unsaid(base, found, draw)
    _unsigned_where_changed(base, found)
    return "read" if seed % OF_ONE else "sound"


def compiled(text: str) -> Statement | StatementError:
    try:
        return compile_statement(text)
    except StatementError as error:
        return error


def told_in_words(error: StatementError) -> None:
    """Each finding has a place in the text, and can be printed on any terminal."""
    assert error.diagnostics
    for one in error.diagnostics:
        assert one.code
        assert one.message
        assert 1 <= one.line <= len(error.lines)
        assert 0 <= one.column <= len(error.lines[one.line - 1]) + 1
        assert one.column + one.length <= len(error.lines[one.line - 1]) + 1
    assert not _UNSEEN.search(error.explain())
    assert not _UNSEEN.search(str(error))


def written_blocks(text: str) -> list[Block]:
    """The rules as the page shows them, each with its lines, white space apart."""
    inside: str | None = None
    blocks: list[tuple[str, list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        said = " ".join(line.split())
        if line.startswith("```"):
            inside = None if inside is not None else line[3:].strip()
        elif inside == "rule" and said and not line[0].isspace():
            blocks.append((said, []))
        elif inside == "rule" and said:
            blocks[-1][1].append(said)
    return [(head, tuple(lines)) for head, lines in blocks if head.split(" ")[0] not in _DECLARED]


def _read_whole(statement: Statement) -> None:
    """No line of a rule was passed over, none was invented, and nothing stands there that no eye sees."""
    assert not _HIDDEN.search(statement.text.replace("\r\n", "\n"))
    drafts = [draft for listed in statement.drafts.values() for draft in listed]
    blocks = written_blocks(statement.text)
    assert len(drafts) == len(blocks)
    for draft, block in zip(drafts, blocks, strict=True):
        assert _meant(draft) == _said(block), block
        assert _read_back(draft) == replace(draft.rule, line=1), block


def _read_back(draft: RuleDraft) -> Rule:
    """The rule as it is read from what it prints."""
    lines = [Line(number, text) for number, text in enumerate(print_draft(draft).split("\n"), 1)]
    (again,) = read_rules(lines, draft.rule.section, [])
    return again.rule


def _meant(draft: RuleDraft) -> dict[str, Any]:
    rule, box = draft.rule, draft.rule.box
    said: dict[str, Any] = {key: getattr(box, name) for key, (name, _) in AXES.items()}
    conditions = {"if": rule.when, "need": rule.need, "unless": rule.unless}
    said |= {key: _shape(condition) for key, condition in conditions.items()}
    default = " by default" if draft.by_default else ""
    duties = [f"{duty.name} {duty.parameter}".strip() for duty in rule.then]
    return said | {"head": f"{rule.kind.value} {rule.id}{default}", "fields": box.fields, "then": duties}


def _shape(condition: Condition) -> list[list[bool]]:
    """Of each alternative, which of its facts must hold and which must not."""
    return [[literal.wanted for literal in way] for way in condition]


def _said(block: Block) -> dict[str, Any]:
    head, lines = block
    said: dict[str, Any] = {key: 0 if key == "beside" else axis.everything for key, (_, axis) in AXES.items()}
    said |= {"if": [[]], "need": [[]], "unless": [], "head": re.sub(" +", " ", head), "fields": None, "then": []}
    condition = ""
    keys = [key for line in lines if (key := line.partition(" ")[0]) not in ("and", "or")]
    assert len(keys) == len(set(keys)), "a key stands twice"
    for line in lines:
        key, _, value = line.partition(" ")
        if key in AXES:
            value, _, profile = value.partition(" in ")
            said[key] = _leaves(key, value)
            said["fields"] = PROFILE[profile] if profile else said["fields"]
        elif key == "then":
            said[key] = _listed(value)
        elif key == "and":
            said[condition][-1] = said[condition][-1] + _facts(value)
        else:
            condition = condition if key == "or" else key
            said[condition] = [*(said[condition] if key == "or" else []), _facts(value)]
    return said


def _leaves(key: str, value: str) -> int:
    mask = 0
    for word in _listed(value):
        mask |= AXES[key][1].mask[word]
    return mask


def _listed(value: str) -> list[str]:
    return [word.strip() for part in value.split(",") for word in part.split(" or ") if word.strip()]


def _facts(value: str) -> list[bool]:
    first, _, terms = value.partition(" with ")
    return [not first.startswith("not "), *(True for _ in _listed(terms))]


def _opens_nothing_unsaid(base: Statement, found: Statement, draw: random.Random) -> None:
    """Where the rules are the same, so is every answer; where a permit is new, some rule is written otherwise."""
    same = sorted(written_blocks(base.text)) == sorted(written_blocks(found.text))
    for request in [*(case.request for case in base.cases), *(draw_small_request(draw) for _ in range(4))]:
        before, now = decide(base.policy, request), decide(found.policy, request)
        assert now.outcome is not Outcome.PERMIT or before.outcome is Outcome.PERMIT or not same
        assert not same or (before.outcome, before.clauses) == (now.outcome, now.clauses)


def _unsigned_where_changed(base: Statement, found: Statement) -> None:
    """What the reading cannot see to be wrong, the signature of the clause does: a rule that reads otherwise."""
    before = {section.id: _ruled(section) for section in base.sections}
    for section in found.sections:
        assert before.get(section.id) == _ruled(section) or not is_signed(section)


def _ruled(section: Section) -> list[tuple[bool, list[str]]]:
    return [(line.text[0].isspace(), line.text.split()) for line in section.rules]


def request_tester(
    policy: Policy, fast: Answering | None = None, defined: Decide | None = None
) -> Callable[[int], str]:
    """Answer one line a seed, as the contract asks and as the definition does; the outcome, or `error`."""
    fast, defined = fast or Lines(policy), defined or partial(decide, policy)

    def try_request(seed: int) -> str:
        line = draw_line(policy, seeded(seed))
        with in_time():
            said, decided = fast.answer(line, seed)
        expected = _slowly(defined, line, seed)
        assert said == _compact(expected), line[:2_000]
        assert said.count(b"\n") == 1
        assert decided is ("error" not in expected)
        assert seed % 4 or fast.answer(line, seed) == (said, decided)
        return str(expected.get("outcome", "error"))

    return try_request


def _slowly(defined: Decide, line: bytes, number: int) -> dict[str, Any]:
    """The answer by the slow reader and the interpreter alone."""
    try:
        wire = loads(line)
        said = write_decision(defined(read_request(wire)))
    except MalformedError as error:
        return {"id": _identity(line, number), "error": error.detail}
    return {"id": wire.get("id", str(number)), **said}


def _compact(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode() + b"\n"


def each(trial: Callable[[int], str], seeds: range) -> Counter[str]:
    """How often each thing came out. A failure names its seed, and the first: what was met before is remembered."""
    met = Counter[str]()
    for seed in seeds:
        try:
            met[trial(seed)] += 1
        except BaseException as error:
            error.add_note(f"seed {seed}, from {seeds.start} on")
            raise
    return met

"""What changed from one version of a statement to the next, clause by clause, in words a reader follows.

What turns is shown by one request that turns, asked as a question, with both answers. A pair of versions is compared
once and kept; of one that is too hard to compare, nothing is claimed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from threading import Lock
from typing import Final

from amanat.policy.decision import Outcome
from amanat.policy.difference import Shift
from amanat.policy.interpreter import decide
from amanat.policy.solving import TooHardError
from amanat.publication import sayings
from amanat.statement import words
from amanat.statement.compile import Statement
from amanat.statement.declaration_words import declaration_sentence
from amanat.statement.diff import ClauseDiff, Moved, diff
from amanat.statement.document import ANCHOR
from amanat.vocabulary.duties import span_words

_COMPANY: Final = "{company}"
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) ")
_MUCH_ALIKE: Final = 0.6
_MOST_KEPT: Final = 64
_lock = Lock()
_kept: dict[tuple[str, str], list[ClauseDiff] | None] = {}


@dataclass(frozen=True, slots=True)
class Turn:
    """A request whose answer turns: the question, what holds besides, and its answer under each whole version."""

    asked: str
    given: tuple[str, ...]
    before: Outcome
    now: Outcome


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words that stayed, went (`gone`) or came (`new`)."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One clause that is not the same. `moved` are (what, before, after); `gone` and `new` sentences of its rules."""

    clause: str
    title: str
    kinds: tuple[str, ...]
    widened: Turn | None
    narrowed: Turn | None
    duties_added: tuple[str, ...]
    duties_dropped: tuple[str, ...]
    moved: tuple[tuple[str, str, str], ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    edits: tuple[Edit, ...]


def changes_between(old: Statement, new: Statement, company: str) -> tuple[Changed, ...] | None:
    """Every clause that changed, in clause order; `company` is named where the prose names one. None if too hard."""
    compared = _compared(old, new)
    return None if compared is None else tuple(_changed(old, new, one, company) for one in compared)


def _compared(old: Statement, new: Statement) -> list[ClauseDiff] | None:
    """Compared when first asked for; who asks at the same moment waits for it."""
    key = (old.digest, new.digest)
    with _lock:
        if key not in _kept:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            try:
                _kept[key] = diff(old, new)
            except TooHardError:
                _kept[key] = None
        return _kept[key]


def _changed(old: Statement, new: Statement, one: ClauseDiff, company: str) -> Changed:
    before, after = (_sentences(which, one.clause) for which in (old, new))
    texts = [_text(which, one.clause).replace(_COMPANY, company) for which in (old, new)]
    return Changed(
        one.clause, one.title, one.kinds,
        widened=_turn(old, new, one.widened), narrowed=_turn(old, new, one.narrowed),
        duties_added=tuple(map(words.duty_words, one.duties_added)),
        duties_dropped=tuple(map(words.duty_words, one.duties_dropped)),
        moved=tuple(map(_moved, one.moved)),
        gone=_without(before, after), new=_without(after, before),
        edits=tuple(_edits(*texts)),
    )  # fmt: skip


def _turn(old: Statement, new: Statement, shift: Shift | None) -> Turn | None:
    if shift is None:
        return None
    request = shift.example
    answers = [decide(which.policy, request).outcome for which in (old, new)]
    return Turn(sayings.asked(request), tuple(sayings.given(request)), *answers)


def _moved(one: Moved) -> tuple[str, str, str]:
    return _about(one.what), _span(one.before), _span(one.after)


def _about(what: str) -> str:
    """What the deadline is about: an event that begins it, something that we must do, or neither by name."""
    for part in ("every", "obligation"):
        try:
            return words.label(part, what)
        except KeyError:
            continue
    return ""


def _span(text: str) -> str:
    """A span in words; a measure that is no span of time as it stands."""
    return span_words(text) if re.fullmatch(r"[0-9]+[a-z]+", text) else text.replace("_", " ")


def _sentences(statement: Statement, clause: str) -> list[str]:
    rules = [words.sentence(draft.rule) for draft in statement.drafts.get(clause, [])]
    return [*rules, *map(declaration_sentence, statement.declared(clause))]


def _without(listed: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(dict.fromkeys(one for one in listed if one not in known))


def _text(statement: Statement, clause: str) -> str:
    """The words of a clause as they are read; nothing if the version has no such clause."""
    section = next((one for one in statement.sections if one.id == clause), None)
    return " ".join(ANCHOR.sub(lambda found: found["words"], section.text).split()) if section else ""


def _edits(before: str, after: str) -> Iterator[Edit]:
    """The runs of words from the one text to the other; sentences that share little stand whole."""
    if before == after:
        return
    for old, new in _paired(_SENTENCE_END.split(before), _SENTENCE_END.split(after)):
        matcher = SequenceMatcher(None, old.split(), new.split(), autojunk=False)
        steps = matcher.get_opcodes() if matcher.ratio() > _MUCH_ALIKE else [("replace", 0, len(old), 0, len(new))]
        for what, a, b, c, d in steps:
            gone, come = " ".join(old.split()[a:b]), " ".join(new.split()[c:d])
            kinds = [("same", gone)] if what == "equal" else [("gone", gone), ("new", come)]
            yield from (Edit(kind, said) for kind, said in kinds if said)


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """The sentences of both, those that stayed beside themselves and those that changed beside each other."""
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal" or b - a == d - c:
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield " ".join(old[a:b]), " ".join(new[c:d])

"""What is proven of a statement: the properties beside it, held against every request that can be put in its words.

That takes about a second of work, so it is done once for each statement, beside the requests of readers; until then
a page says that it is being worked out. Of a property that is too hard to decide, nothing is claimed.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Final

from amanat.policy.prove import Analysis
from amanat.policy.solving import TooHardError
from amanat.publication import sayings
from amanat.statement import words
from amanat.statement.compile import Statement
from amanat.statement.properties import Checked, Property, check_properties, properties_of

_MOST_KEPT: Final = 16
_lock = Lock()
_kept: "dict[str, Future[Proofs]]" = {}
_beside = ThreadPoolExecutor(1, "amanat-proofs")


@dataclass(frozen=True, slots=True)
class Proven:
    """One property and whether it holds; None if that was too hard to decide.

    `example` is a question that is answered with yes, and `given` what holds then.
    """

    title: str
    possible: bool
    holds: bool | None
    rule: str
    example: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proofs:
    """`digits`: how long the number of all requests is. About one in `one_in` is permitted; None: too hard to tell."""

    properties: tuple[Proven, ...]
    rules: int
    digits: int
    one_in: int | None

    @property
    def broken(self) -> int:
        return sum(one.holds is False for one in self.properties)

    @property
    def undecided(self) -> int:
        return sum(one.holds is None for one in self.properties)


def proofs_of(statement: Statement) -> Proofs | None:
    """What is proven of this statement; None while it is being worked out."""
    with _lock:
        if statement.digest not in _kept:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[statement.digest] = _beside.submit(_prove, statement)
        proofs = _kept[statement.digest]
    return proofs.result() if proofs.done() else None


def _prove(statement: Statement) -> Proofs:
    asked = properties_of(statement.name)
    analysis = Analysis(statement.policy, [one.rule for one in asked])
    proven = tuple(_tried(analysis, one) for one in asked)
    return Proofs(proven, len(statement.policy.rules), len(str(analysis.size)), _one_in(analysis))


def _tried(analysis: Analysis, asked: Property) -> Proven:
    try:
        (checked,) = check_properties(analysis, (asked,))
    except TooHardError:
        return Proven(asked.title, asked.possible, None, words.sentence(asked.rule), "", ())
    return _proven(checked)


def _one_in(analysis: Analysis) -> int | None:
    try:
        return _rounded(analysis.size // max(analysis.permitted, 1))
    except TooHardError:
        return None


def _proven(one: Checked) -> Proven:
    request = one.proof.counterexample
    return Proven(
        one.asked.title, one.asked.possible, one.holds, words.sentence(one.asked.rule),
        sayings.asked(request) if request else "", tuple(sayings.given(request)) if request else (),
    )  # fmt: skip


def _rounded(number: int) -> int:
    """Its first two digits, and noughts: nobody remembers more."""
    kept = str(number)[:2]
    return int(kept.ljust(len(str(number)), "0"))

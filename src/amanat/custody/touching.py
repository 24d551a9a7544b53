"""How many people a newer statement touches: whom it asks again, and whom it has to be told.

Counted in SQL, a bounded number of statements for each company however many people it has, and through the one door:
who may be counted is decided under clause 3.5 and recorded as an act of the platform. Nobody is named or listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from amanat.custody.actor import Actor
from amanat.custody.counting import Counting, Crowd
from amanat.custody.facts import SQL
from amanat.custody.unit import unit
from amanat.organisations.models import Company
from amanat.policy.stretching import stretched_choices
from amanat.statement.compile import Statement
from amanat.statement.diff import diff
from amanat.vocabulary.choices import ChoiceKind

PURPOSE, COUNTED, GATEWAY = "statistics", ("consent_choice",), "web_system"


@dataclass(frozen=True, slots=True)
class Touched:
    """`choices` are the kinds of choices that mean something else; `ask` people made one under an older statement.

    `tell` people were given an older one against which more than words changed.
    """

    choices: tuple[str, ...]
    ask: int
    tell: int


def touched_by(new: Statement, older: Sequence[Statement], company: str = "") -> Touched:
    """Count those who are under one of the older statements, in a company or, without one, in all of them.

    Raises `TooHardError` if what changed cannot be told exactly.
    """
    stretched = [(one.digest, kind) for one in older for kind in stretched_choices(one.policy, new.policy)]
    changed = [one.digest for one in older if not all(each.is_wording for each in diff(one, new))]
    crowds = [crowd for one in _companies(company) for crowd in _count(one, stretched, changed)]
    kinds = {kind for _, kind in stretched}
    return Touched(
        tuple(kind.value for kind in ChoiceKind if kind.value in kinds),
        sum(crowd.people for crowd in crowds if "ask" in crowd.place),
        sum(crowd.people for crowd in crowds if "tell" in crowd.place),
    )


def _companies(company: str) -> list[str]:
    listed = Company.objects.order_by("code").values_list("code", flat=True)
    return [one for one in listed if company in ("", one)]


def _count(company: str, stretched: Iterable[tuple[str, str]], changed: list[str]) -> list[Crowd]:
    with unit(Actor(None, GATEWAY, company, None, None, ""), PURPOSE) as one:
        values = {
            "company": company, "words": [*COUNTED], "today": one.now.date(), "now": one.now, "changed": changed,
            "digests": [digest for digest, _ in stretched], "kinds": [kind for _, kind in stretched],
        }  # fmt: skip
        return Counting(one, PURPOSE).count(SQL["touched"], values)

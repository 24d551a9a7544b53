"""A preview is what happens, for each of the sixteen choices, drawn people, both ways: no more and no less.

The truth is found here in its own plain way: every purpose and every recipient, asked before and after.
"""

import random
from dataclasses import replace
from functools import cache, partial
from itertools import product

import pytest

from amanat.policy import consequences
from amanat.policy.consequences import Permitted, Preview, Told, Trial, foretell, payers_of
from amanat.policy.decider import Decider
from amanat.policy.request import Facts, Item, Request, item
from amanat.statement.compile import Statement
from amanat.vocabulary.acts import BESIDE_SERVICE, PAYER, services_of
from amanat.vocabulary.choices import ChoiceKind
from amanat.vocabulary.terms import AGREEMENT_TERMS, CATEGORY, PURPOSE, RECIPIENT, ROLE, TOOLS
from stage.draws import BLOCKS, CHOICES, seeded

# What stands after the colon, for a kind that has it.
ABOUT = {
    "third_party_source": ("provider.medical", "hospital", "insurer"),
    "payer_disclosure": ("employer", "insurer", "card_issuer"),
    "other_purpose": ("film", "study"),
    "block_recipient": (*RECIPIENT.leaves, "payer", "provider", "authority", "group"),
    "block_purpose": (*(one for one in PURPOSE.mask if one != "other"), "other.film"),
    "withhold": (*CATEGORY.leaves, "medical", "allergies"),
}
_WEB = CATEGORY.mask_of("web")
_PERSONAL = [item(leaf) for leaf in CATEGORY.leaves_in(CATEGORY.mask_of("personal"))]
GROUPS = [tuple(one for one in _PERSONAL if bool(one.bit & _WEB) is web) for web in (False, True)]
STAFF = ROLE.leaves_in(ROLE.mask_of("staff"))
_DESK = PURPOSE.mask_of("service") | PURPOSE.mask_of("contact") | PURPOSE.bit["other"]
_SITE = PURPOSE.mask_of("web") | PURPOSE.mask_of("outreach")

Truth = tuple[frozenset[Permitted], frozenset[Told], frozenset[str], frozenset[str]]
# Of each kind one that surely changes something for a person to whom everything is open.
SURELY = {
    "third_party_source": "provider.medical", "payer_disclosure": "employer", "other_purpose": "film",
    "block_recipient": "hospital", "block_purpose": "billing", "withhold": "itinerary",
}  # fmt: skip


def person(draw: random.Random) -> Request:
    """Somebody with facts and choices of their own; most have cover, an agreement and a tool, else little is open."""
    relation = draw.choice(("direct", "employee_of", "employee_of", "dependant_of", "member_of", "visitor"))
    facts = Facts(
        agreement=draw.choice(("live", "live", "live", "none")), agreement_terms=frozenset(AGREEMENT_TERMS[:3]),
        tool=draw.choice(("scc", "scc", "scc", *TOOLS)), attested_source=draw.random() < 0.7,
        entitlement=draw.random() < 0.8, guardian_for=draw.random() < 0.3, k=draw.choice((0, 25)),
        identity=draw.choice(("none", "proven", "proven")), order=draw.random() < 0.1,
    )  # fmt: skip
    chosen = [*draw.sample(CHOICES, draw.randint(0, len(CHOICES))), *draw.sample(BLOCKS, draw.choice((0, 0, 1)))]
    return Request(
        company=draw.choice(("CH", "SG")), country=draw.choice(("CH", "DE", "US")), relation=relation,
        recipient_country=draw.choice(("CH", "SG")), age=draw.choice((41, 41, 41, 9, None)), facts=facts,
        choices=frozenset(chosen),
    )  # fmt: skip


@cache
def decider(statement: Statement) -> Decider:
    return Decider(statement.policy)


def role_for(purpose: str) -> str:
    bit = PURPOSE.bit[purpose]
    return "assistance_coordinator" if bit & _DESK else "web_system" if bit & _SITE else "privacy_officer"


def passing(ama: Statement, who: Request, items: tuple[Item, ...], **act: object) -> tuple[str, ...]:
    asked = replace(who, **{"channel": None, "source": None, "recipient": None, **act}, items=items)  # type: ignore[arg-type]
    return decider(ama).decide(asked).permitted


def aims(choices: frozenset[str]) -> list[tuple[str, str]]:
    own = [one.partition(":")[2] for one in choices if one.startswith("other_purpose:")]
    return [(one, "") for one in PURPOSE.leaves if one != "other"] + [("other", one) for one in own]


def truth(ama: Statement, who: Request, payers: tuple[str, ...]) -> Truth:
    """What each service may do, who may be told what, what may be kept, and what may be used for the person."""
    acts: set[Permitted] = set()
    told: set[Told] = set()
    kept: set[str] = set()
    used: set[str] = set()
    for service in services_of(who.choices):
        for use in service.uses:
            for leaf in payers if use.recipient == PAYER else (use.recipient,):
                purpose, _, other = use.purpose.partition(".")
                may = passing(
                    ama, who, tuple(item(word) for word in use.words), actor=use.role, action=use.action,
                    purpose=purpose, other=other, recipient=leaf or None, source=use.source or None,
                    channel=use.channel or None, contexts=use.contexts,
                )  # fmt: skip
                acts |= {(service.key, replace(use, recipient=leaf), word) for word in may}
    for (purpose, other), items in product(aims(who.choices), GROUPS):
        contexts = frozenset({"emergency_medical"}) if purpose == "emergency_care" else frozenset()
        ask = partial(
            passing, ama, who, items, actor=role_for(purpose), purpose=purpose, other=other, contexts=contexts
        )  # fmt: skip
        kept.update(ask(action="store"))
        used.update(() if purpose in BESIDE_SERVICE else ask(action="use"))
        for leaf in RECIPIENT.leaves:
            told |= {(leaf, word, other) for word in ask(action="disclose", recipient=leaf)}
    return frozenset(acts), frozenset(told), frozenset(kept), frozenset(used)


def agrees(found: Preview, before: Truth, after: Truth) -> bool:
    (acts, told, kept, used), (acts_after, told_after, kept_after, used_after) = before, after
    lost = (kept - kept_after) | (used - used_after)
    return (
        (found.lost, found.gained) == (acts - acts_after, acts_after - acts)
        and (found.untold, found.told) == (told - told_after, told_after - told)
        and (found.ended, found.locked) == (lost - kept_after, lost & kept_after)
        and found.opened == (kept_after - kept) | (used_after - used)
    )


def written(kind: ChoiceKind, draw: random.Random) -> str:
    return f"{kind.value}:{draw.choice(ABOUT[kind.value])}" if kind.value in ABOUT else kind.value


def both_ways(ama: Statement, who: Request, choice: str) -> tuple[Request, Request, Preview, Preview]:
    """The person without the choice and with it, and what giving it and taking it back are said to do."""
    without, with_it = (replace(who, choices=one) for one in (who.choices - {choice}, who.choices | {choice}))
    tell = partial(foretell, decider(ama).decide, ama.policy.rules)
    return without, with_it, tell(without, lambda now: now | {choice}), tell(with_it, lambda now: now - {choice})


@pytest.mark.clause("8.13a")
@pytest.mark.parametrize("kind", ChoiceKind)
def test_what_is_foretold_happens_when_a_choice_is_given_and_when_it_is_taken_back(
    ama: Statement, kind: ChoiceKind
) -> None:
    draw = seeded(list(ChoiceKind).index(kind))
    surely = f"{kind.value}:{SURELY[kind.value]}" if kind.value in SURELY else kind.value
    people = [(surely, everybody()), *((written(kind, draw), person(draw)) for _ in range(2))]
    for number, (choice, who) in enumerate(people):
        without, with_it, given, taken = both_ways(ama, who, choice)
        payers = payers_of(who, with_it.choices)
        before, after = truth(ama, without, payers), truth(ama, with_it, payers)
        assert agrees(given, before, after), (choice, who)
        assert agrees(taken, after, before), (choice, who)
        assert number or given.lines != taken.lines


@pytest.mark.parametrize("kind", ChoiceKind)
def test_who_gives_and_takes_back_is_where_they_were(ama: Statement, kind: ChoiceKind) -> None:
    draw = seeded(100 + list(ChoiceKind).index(kind))
    for _ in range(3):
        _, _, given, taken = both_ways(ama, person(draw), written(kind, draw))
        assert (given.lost, given.gained, given.untold, given.told) == (
            taken.gained, taken.lost, taken.told, taken.untold,
        )  # fmt: skip
        assert given.opened == taken.ended | taken.locked


def everybody() -> Request:
    """Somebody to whom everything is open."""
    facts = Facts("live", frozenset(AGREEMENT_TERMS), "scc", attested_source=True, entitlement=True, identity="proven")
    return Request(
        company="CH", country="CH", recipient_country="CH", relation="employee_of", age=41, facts=facts,
        choices=frozenset(CHOICES),
    )  # fmt: skip


def test_nobody_else_of_the_house_could_tell_more(ama: Statement) -> None:
    """The role that a preview asks for a purpose stands for all: drawn acts of all staff tell nothing beside."""
    who, draw = everybody(), seeded(5)
    _, told, _, _ = truth(ama, who, ("employer",))
    for leaf, (purpose, other) in product(RECIPIENT.leaves, aims(who.choices)):
        role, context = draw.choice(STAFF), draw.choice((frozenset[str](), frozenset({"emergency_medical"})))
        items = draw.choice(GROUPS)
        may = passing(
            ama, who, items, actor=role, action="disclose", purpose=purpose, other=other, recipient=leaf,
            contexts=context,
        )  # fmt: skip
        assert {(leaf, word, other) for word in may} <= told


def test_a_preview_that_forgets_a_recipient_is_caught(ama: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    who = everybody()
    payers = payers_of(who, who.choices)
    for leaf in ("hospital", "employer", "security_centre"):
        choice = f"block_recipient:{leaf}"
        before, after = truth(ama, who, payers), truth(ama, replace(who, choices=who.choices | {choice}), payers)
        assert agrees(both_ways(ama, who, choice)[2], before, after)
        with monkeypatch.context() as planted:
            planted.setattr(consequences, "trials_of", partial(_forgetting, consequences.trials_of, leaf))
            assert not agrees(both_ways(ama, who, choice)[2], before, after)


def _forgetting(real: object, leaf: str, *facts: object) -> tuple[Trial, ...]:
    return tuple(one for one in real(*facts) if one.service or one.recipient != leaf)  # type: ignore[operator]

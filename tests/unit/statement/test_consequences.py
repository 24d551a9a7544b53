"""The table of services, and the consequences that the statement declares, are what the decider does: no more, no less.

Every act of every service is decided with all consents, and again after one choice: the difference is the truth.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache

import pytest

from amanat.policy.decision import Outcome
from amanat.policy.interpreter import decide
from amanat.policy.wire import read_request
from amanat.statement.cases import Wire, read_world
from amanat.statement.compile import Statement, load_statement
from amanat.statement.declarations import Consequence
from amanat.statement.document import read_document
from amanat.statement.words import label, term_words
from amanat.vocabulary.acts import PAYER, SERVICES, Use
from amanat.vocabulary.choices import OPT_OUTS, ChoiceKind
from amanat.vocabulary.services import GAINS, NEEDS, SERVICE, betters, turns_on
from amanat.vocabulary.terms import CATEGORY, PURPOSE, RECIPIENT

GIVEN = frozenset({
    "medical_service", "emergency_record", "newsletter", "cookies_analytics", "cookies_survey", "cookies_ads",
    "live_location", "call_recording", "nominee", "payer_disclosure:employer", "other_purpose:film",
    "third_party_source:provider.medical",
})  # fmt: skip
# A choice with a parameter: all that it could name. What it may change is what the worst of them changes.
ABOUT = {
    "opt_out_service": [""],
    "block_recipient": RECIPIENT.leaves,
    "block_purpose": [leaf for leaf in PURPOSE.leaves if leaf != "other"],
    "withhold": CATEGORY.leaves,
}

Standing = dict[str, tuple[bool, frozenset[tuple[Use, str]]]]


@cache
def ama() -> Statement:
    return load_statement("ama")


def permitted(use: Use, choices: frozenset[str]) -> Iterator[tuple[str, Outcome]]:
    wire: Wire = deepcopy(read_world(read_document(ama().text).world, []))
    wire["subject"] |= {"choices": sorted(choices)}
    wire |= {"actor": use.role, "action": use.action, "purpose": use.purpose, "contexts": sorted(use.contexts)}
    if use.action in ("disclose", "transfer"):
        wire["recipient"] = "employer" if use.recipient == PAYER else use.recipient
    else:
        wire.pop("recipient_country")
    wire |= {key: value for key, value in (("source", use.source), ("channel", use.channel)) if value}
    for word in use.words:
        yield word, decide(ama().policy, read_request({**wire, "data": [word]})).outcome


@cache
def standing(choices: frozenset[str]) -> Standing:
    """Whether each service can be given, and which data each of its acts may use."""
    found = {}
    for service in SERVICES:
        opens = {Outcome.PERMIT, Outcome.GLASS} if service.by_glass else {Outcome.PERMIT}
        runs = all(outcome in opens for use in service.must for _, outcome in permitted(use, choices))
        uses = {(use, word) for use in service.uses for word, outcome in permitted(use, choices) if outcome in opens}
        found[service.key] = (runs, frozenset(uses))
    return found


def changes(choices: Iterable[frozenset[str]]) -> tuple[set[str], set[str]]:
    """What stops after one of these sets of choices at least, and what only gets worse."""
    before = standing(GIVEN)
    afters = [standing(one) for one in choices]
    stops = {key for key, (runs, _) in before.items() if runs and not all(after[key][0] for after in afters)}
    worse = {key for key, (_, uses) in before.items() if any(uses - after[key][1] for after in afters)}
    return stops, worse - stops


def without(kind: str) -> list[frozenset[str]]:
    return [frozenset(one for one in GIVEN if one.partition(":")[0] != kind)]


def after(kind: ChoiceKind) -> list[frozenset[str]]:
    if kind not in OPT_OUTS:
        return without(kind.value)
    return [GIVEN | {f"{kind.value}:{what}" if what else kind.value} for what in ABOUT[kind.value]]


def test_the_table_names_the_services_of_the_house() -> None:
    assert SERVICE.leaves == tuple(NEEDS)
    assert {service.key for service in SERVICES} == set(NEEDS)


def test_with_all_consents_every_service_can_be_given() -> None:
    assert [key for key, (runs, _) in standing(GIVEN).items() if not runs] == []


@pytest.mark.parametrize("kind", sorted(kind.value for kind in ChoiceKind if kind not in OPT_OUTS))
def test_the_table_says_which_services_turn_on_a_yes(kind: str) -> None:
    stops, worse = changes(without(kind))
    assert set(turns_on(kind)) == stops
    assert set(betters(kind)) == worse


@pytest.mark.parametrize("kind", ChoiceKind)
def test_a_declared_consequence_is_what_happens(kind: ChoiceKind) -> None:
    (told,) = (one for one in ama().declarations if isinstance(one, Consequence) and one.choice == kind.value)
    stops, worse = changes(after(kind))
    assert (set(told.stops), set(told.degrades)) == (stops, worse)
    assert not set(told.continues) & (stops | worse)


def test_a_service_that_a_broken_glass_opens_goes_on_when_a_yes_is_taken_back() -> None:
    assert "life_at_risk" not in set().union(*changes(without("medical_service")))
    assert [key for key, needs in NEEDS.items() if needs.or_glass and not needs.choices] == []


def test_every_service_and_every_gain_has_a_name_and_a_meaning() -> None:
    for kind, words in (("service", SERVICE.mask), ("gain", GAINS)):
        for word in words:
            assert label(kind, word)
            assert term_words(kind, word)

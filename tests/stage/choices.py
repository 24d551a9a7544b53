"""Choices for tests: a person who said yes to everything, the firms that make it matter, and real acts decided."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID, uuid4

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.comparing import Supposed
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.mandates.models import Mandate
from amanat.policy.decision import Decision
from amanat.rights.options import option_of
from amanat.vocabulary import clock
from amanat.vocabulary.acts import Use

EVERY_YES = (
    "medical_service", "call_recording", "live_location", "nominee", "newsletter", "cookies_analytics",
    "cookies_survey", "cookies_ads", "third_party_source:provider.medical", "other_purpose:training_film",
    "payer_disclosure:employer@oryx-energy", "emergency_record@self", "emergency_record@group",
    "emergency_record@provider.medical", "emergency_record@local_clinician",
)  # fmt: skip
ASKED = Asked("I agree.", "test-1", "en")


def say_yes(actor: Actor, written: Iterable[str] = EVERY_YES) -> None:
    """Record each of these as given by the person themself."""
    assert actor.subject is not None
    options = [option_of(one) for one in written]
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        answers = [Answer(option.choice, State.GIVEN, option.towards) for option in options]
        assert choose(one, actor.subject, answers, ASKED).permits(actor.subject)


def furnish() -> None:
    """A firm of each kind with a full agreement, one of them attested as a source. Run as the worker."""
    from amanat.organisations import models as on_record  # noqa: PLC0415

    today = clock.now().date()
    span = {"since": today - timedelta(days=30), "until": today + timedelta(days=300)}
    for kind in ("travel", "security", "survey", "ads"):
        on_record.Provider.objects.create(
            code=f"firm-{kind}", name=f"Firm for {kind}", kind=f"provider.{kind}", country="CH",
            comparable=["ordinary", "medical"],
        )  # fmt: skip
        on_record.Agreement.objects.create(
            provider_id=f"firm-{kind}",
            company_id="ama-ch",
            terms=["secrecy", "purpose_bound", "our_directions"],
            **span,
        )
    on_record.Attestation.objects.create(source="alp-air", ground="consent", contact="data@alp-air.example", **span)


def decided(subject: UUID, acts: Sequence[tuple[str, Use, Supposed]]) -> set[tuple[str, Use, str]]:
    """Ask for each act for real, as those who would, on a case that is there for it; what was permitted."""
    permitted: set[tuple[str, Use, str]] = set()
    for contexts, alike in groupby(sorted(acts, key=_contexts), key=_contexts):
        case = _case(subject, contexts)
        for _, listed in groupby(sorted(alike, key=_role), key=_role):
            permitted |= _ask(subject, list(listed))
        _end(case)
    return permitted


def _ask(subject: UUID, acts: Sequence[tuple[str, Use, Supposed]]) -> set[tuple[str, Use, str]]:
    with unit(acts[0][2].actor, "quality") as one:
        decisions = [one.ask(act.ask, [subject]).decision(subject) for _, _, act in acts]
    answered = zip(acts, decisions, strict=True)
    return {(service, use, word) for (service, use, _), decision in answered for word in decision.permitted}


def _contexts(one: tuple[str, Use, Supposed]) -> list[str]:
    return sorted(one[2].contexts)


def _role(one: tuple[str, Use, Supposed]) -> str:
    return one[2].actor.role


def open_case(subject: UUID) -> None:
    """A case that the person knows of."""
    _case(subject, (), uuid4())


def _case(subject: UUID, contexts: Sequence[str], record: UUID | None = None) -> Mandate:
    """A case of the company's desk, held by whoever is on duty."""
    now = clock.now()
    with unit(_nobody(), "case_coordination"):
        return Mandate.objects.create(
            subject=subject, id=uuid4(), company="ama-ch", holder_company="ama-ch", holder=None, kind="case",
            record=record, contexts=list(contexts), since=now, until=now + timedelta(hours=1),
        )  # fmt: skip


def _end(case: Mandate) -> None:
    with unit(_nobody(), "case_coordination"):
        Mandate.objects.filter(subject=case.subject, id=case.id).update(ended_at=clock.now())


def _nobody() -> Actor:
    return Actor(None, "web_system", "ama-ch", None, None, "")


def decide_once(subject: UUID, ask: Ask, role: str = "assistance_coordinator") -> Decision:
    """What somebody of the desk is answered on a routine case."""
    case = _case(subject, ())
    with unit(Actor(None, role, "ama-ch", None, None, ""), ask.purpose) as one:
        decision = one.ask(ask, [subject]).decision(subject)
    _end(case)
    return decision


def order_for(subject: UUID) -> None:
    """A validated order of a court about one person."""
    now = clock.now()
    with unit(_nobody(), "legal_order"):
        Mandate.objects.create(
            subject=subject, id=uuid4(), company="ama-ch", holder_company="ama-ch", holder=None, kind="order",
            since=now, until=now + timedelta(hours=1),
        )  # fmt: skip

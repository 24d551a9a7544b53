"""What happens at the desk before a test begins: a case, an emergency, a record with or without a yes."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from amanat.cases import service
from amanat.cases.breaking import break_glass
from amanat.cases.service import Opening
from amanat.custody.answers import Key
from amanat.custody.choosing import Asked
from amanat.emergency.glass import Checklist
from amanat.emergency.service import KEEPING, RECIPIENTS, Draft, save_record
from stage.group import Group

RECORD = {
    "allergies": "Penicillin: swelling of the throat",
    "blood_type": "O-",
    "current_medicines": "Salbutamol inhaler",
    "critical_conditions": "Asthma",
    "treating_doctor_phone": "+41445550117",
}
WORDS = Asked("May we keep it and use it for your care?", "emergency-record-1", "en")
WORDINGS = {towards: f"May {towards} see it?" for towards in (KEEPING, *RECIPIENTS, "nominee")}
CHECKLIST = Checklist("accident", "unconscious", 1, "Hit by a car, does not answer; the ambulance asks for allergies.")


def key() -> Key:
    return Key.over(uuid4().hex, b"")


def open_for(
    group: Group, who: str = "basil", kind: str = "medical", reason: str = "accident", emergency: str = ""
) -> UUID:
    """A case of Amina's, held by somebody of the cast."""
    opened = service.open_case(group.actor(who), group.amina, Opening(kind, reason, emergency), key())
    assert opened.case
    return opened.case


def draft(recipients: Iterable[str] = (), *, yes: bool = True, version: int = 0) -> Draft:
    """What Amina types and ticks."""
    return Draft(RECORD, version, ticked=frozenset({KEEPING, *recipients}) if yes else frozenset())


def write_record(group: Group, recipients: Iterable[str] = ()) -> bool:
    """Amina writes her emergency record online; whether it was kept."""
    return save_record(group.actor("amina"), draft(recipients), WORDS, WORDINGS).kept


def take_back(group: Group) -> None:
    """Amina takes every yes to her record back; the record itself still lies sealed."""
    from amanat.choices.models import State  # noqa: PLC0415
    from amanat.custody.choosing import Answer, choose  # noqa: PLC0415
    from amanat.custody.unit import unit  # noqa: PLC0415
    from amanat.vocabulary.choices import parse_choice  # noqa: PLC0415

    towards = ("", "self", "group", "provider.medical", "local_clinician")
    answers = [Answer(parse_choice("emergency_record"), State.WITHDRAWN, one) for one in towards]
    with unit(group.actor("amina"), "rights_fulfilment", channel="web_account") as one:
        choose(one, group.amina, answers, WORDS)


def glass_for(group: Group, who: str = "basil") -> UUID:
    """A record without a yes in force, an emergency case, and the glass broken; the case."""
    write_record(group)
    take_back(group)
    case = open_for(group, who, emergency="accident")
    assert break_glass(group.actor(who), case, CHECKLIST, key()).glass
    return case


def lend(group: Group, who: str, case: UUID | None = None, contexts: Iterable[str] = ()) -> UUID:
    """Give somebody of the cast a mandate on a case of Amina's, as a hand-over between desks does."""
    from amanat.custody.unit import unit  # noqa: PLC0415
    from amanat.mandates.models import Mandate  # noqa: PLC0415

    case = case or open_for(group)
    holder = group.actor(who)
    with unit(group.actor("basil"), "case_coordination") as one:
        Mandate.objects.create(
            subject=group.amina, id=uuid4(), company="ama-ch", holder_company=holder.company, holder=holder.account,
            kind="case", record=case, contexts=list(contexts), since=one.now, until=one.now + timedelta(days=1),
        )  # fmt: skip
    return case

"""The receipt of a choice: what was asked, in which words, what was answered and when, after ISO/IEC TS 27560.

Field names follow the standard and its DPV profile. A receipt holds the answers that were given in one moment; the
person stands in it under a pseudonym.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.database.queries import queries
from amanat.errors import NotFoundError
from amanat.rights.options import KEEPING, Option
from amanat.vocabulary.choices import Choice, ChoiceKind

PROFILE: Final = "https://w3id.org/dpv/schema/dpv-27560#receipt"
WITHDRAWAL: Final = "/member/choices/"
_SQL = queries("amanat.rights")
_LOOK = Ask("view", ("consent_choice",), "rights_fulfilment")
_STATES: Final = {
    State.GIVEN: "dpv:ConsentGiven",
    State.REFUSED: "dpv:ConsentRefused",
    State.WITHDRAWN: "dpv:ConsentWithdrawn",
    State.EXPIRED: "dpv:ConsentExpired",
}
_BASIS: Final = "eu-gdpr:A9-2-a"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a receipt. `wording` is the sentence, `digest` its SHA-256."""

    id: UUID
    option: Option
    state: State
    wording: str
    digest: str
    form_version: str

    @property
    def verbs(self) -> tuple[str, ...]:
        """What the answer is about: a record kept among us is not shown, one shown to a recipient is only shown."""
        verbs = self.option.meaning.verbs
        if self.option.choice.kind is not ChoiceKind.EMERGENCY_RECORD or not self.option.towards:
            return verbs
        telling = {"disclose", "transfer"}
        return tuple(verb for verb in verbs if (verb in telling) is (self.option.towards != KEEPING))

    @property
    def recipients(self) -> tuple[str, ...]:
        named = self.option.choice.parameter if self.option.choice.kind is not ChoiceKind.WITHHOLD else ""
        return tuple(dict.fromkeys(one for one in (named, self.option.towards) if one and one != KEEPING))

    @property
    def data(self) -> tuple[str, ...]:
        """With what data: what was held back is named by the choice itself."""
        own = self.option.choice.parameter if self.option.choice.kind is ChoiceKind.WITHHOLD else ""
        return (own,) if own else self.option.meaning.data


@dataclass(frozen=True, slots=True)
class Receipt:
    """Answers given together, and who answers for them."""

    subject: UUID
    at: datetime
    language: str
    channel: str
    statement: str
    version: str
    company: str
    name: str
    country: str
    contact: str
    answers: tuple[Answered, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.option.meaning.clause for one in self.answers))


def receipt_of(actor: Actor, record: UUID) -> Receipt:
    """The receipt that holds a consent record of the person who is signed in; another's is not there."""
    if actor.subject is None:
        raise NotFoundError
    with unit(actor, "rights_fulfilment", channel="web_account") as one:
        one.ask(_LOOK, [actor.subject]).decision(actor.subject)
        rows = one.rows(_SQL["receipt"], {"subject": actor.subject, "id": record})
    if not rows:
        raise NotFoundError
    return _receipt(actor.subject, rows)


def _receipt(subject: UUID, rows: Sequence[Sequence[Any]]) -> Receipt:
    at, language, channel = rows[0][5:8]
    statement, version, company, name, country, contact = rows[0][11:]
    answers = tuple(_answered(row) for row in rows)
    return Receipt(
        subject, at, language, channel, statement, version, company, name, country, contact or "", answers
    )  # fmt: skip


def _answered(row: Sequence[Any]) -> Answered:
    id_, kind, parameter, towards, state, _, _, _, form_version, digest, wording, *_ = row
    return Answered(
        id_, Option(Choice(ChoiceKind(kind), parameter), towards), State(state), wording, digest, form_version
    )


def as_record(receipt: Receipt) -> dict[str, Any]:
    """The receipt as a consent receipt of TS 27560, ready for JSON."""
    return {
        "profile": PROFILE,
        "schema_version": "ISO/IEC TS 27560:2023",
        "receipt_id": str(receipt.answers[0].id),
        "created": receipt.at.isoformat(),
        "pii_principal_id": str(receipt.subject),
        "consent_records": [_consent_record(receipt, one) for one in receipt.answers],
        "parties": [_party(receipt)],
    }


def _party(receipt: Receipt) -> dict[str, str]:
    return {
        "party_id": receipt.company,
        "party_name": receipt.name,
        "party_role": "dpv:DataController",
        "party_address": receipt.country,
        "party_contact": receipt.contact,
    }


def _consent_record(receipt: Receipt, one: Answered) -> dict[str, Any]:
    return {
        "record_id": str(one.id),
        "choice": one.option.written,
        "processing": {
            "privacy_notice": f"/statement/#c-{one.option.meaning.clause}",
            "notice_digest": f"sha256:{receipt.statement}",
            "notice_version": receipt.version,
            "language": receipt.language,
            "purposes": list(one.option.meaning.purposes),
            "lawful_basis": None if one.option.forbids else _BASIS,
            "pii_information": list(one.data),
            "pii_controllers": [receipt.company],
            "processing_methods": list(one.verbs),
            "recipient_third_parties": list(one.recipients),
            "storage_locations": [receipt.country],
            "retention_period": "until withdrawn, then 5 years as proof",
            "jurisdiction": receipt.country,
            "withdrawal_method": WITHDRAWAL,
        },
        "wording": one.wording,
        "wording_digest": f"sha256:{one.digest}",
        "form_version": one.form_version,
        "channel": receipt.channel,
        "event": {
            "event_time": receipt.at.isoformat(),
            "validity_duration": "until withdrawn" if one.state is State.GIVEN else "none",
            "entity_id": str(receipt.subject),
            "event_type": "dpv:ExplicitlyExpressedConsent",
            "event_state": _STATES[one.state],
        },
    }

"""Letters from strangers: what a visitor wrote to a company, sealed until its privacy desk reads it.

A letter has no subject, for nobody has to say who they are; so it is sealed under a key of the company and not of a
person. Taking one and reading one are decisions under clause C.2 and stand in the journal, about nobody.
"""

import json
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db.models import QuerySet

from amanat.crypto.binding import bind
from amanat.crypto.derive import hkdf
from amanat.crypto.seal import seal, unseal
from amanat.crypto.secret import SecretKey
from amanat.custody import models
from amanat.custody.actor import Actor
from amanat.custody.answers import AlreadyAnsweredError, Key
from amanat.custody.facts import Ask, Person, read_scene
from amanat.custody.matters import answer, matter_of
from amanat.custody.unit import Unit, unit
from amanat.errors import AmanatError, Kind, NotFoundError, RateLimitedError
from amanat.policy.decision import Decision, Outcome
from amanat.vault.keys import company_key
from amanat.vocabulary import clock

KINDS: Final = ("enquiry", "complaint")
KEPT: Final = timedelta(days=180)
MOST_AN_HOUR: Final = 200
_QUEUE: Final = 100
_KEY_USE: Final = "history"


class LetterRefusedError(AmanatError):
    """The statement does not let us take or read this letter."""

    kind = Kind.REFUSED


class TooManyLettersError(RateLimitedError):
    """So many letters came in the last hour that we take no more for now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as a list shows it: no word of it. `number` is what its writer was given."""

    id: UUID
    company: str
    kind: str
    at: datetime
    until: datetime
    state: str
    clauses: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        text = b32encode(self.id.bytes).decode()
        return "-".join((text[:4], text[4:8], text[8:12]))


@dataclass(frozen=True, slots=True)
class OpenLetter:
    letter: Letter
    text: str
    reply: str


def post_letter(company: str, kind: str, text: str, reply: str = "", key: Key | None = None) -> Letter:
    """Seal what a visitor wrote and queue it. `reply` is the address to answer to, if the writer gave one.

    The same letter under the same key is one letter, and gets the number it got.
    """
    try:
        return _post(company, kind, text, reply, key)
    except AlreadyAnsweredError as before:
        told = before.result
        at, until = datetime.fromisoformat(told["at"]), datetime.fromisoformat(told["until"])
        return Letter(UUID(told["letter"]), company, kind, at, until, "waiting", tuple(told["clauses"]))


def _post(company: str, kind: str, text: str, reply: str, key: Key | None) -> Letter:
    ask = Ask("collect", (kind, "email") if reply else (kind,), kind)
    with unit(Actor(None, "web_system", company, None, None, ""), kind, channel="web_public", key=key) as one:
        _refuse_flood(one)
        decision = _decide(one, ask)
        posted = Letter(uuid4(), company, kind, one.now, one.now + KEPT, "waiting", decision.clauses)
        if decision.outcome is Outcome.PERMIT:
            _store(posted, {"text": text, "reply": reply})
            one.result = {"letter": str(posted.id), "at": posted.at.isoformat(), "until": posted.until.isoformat(),
                          "clauses": list(posted.clauses)}  # fmt: skip
    return _permitted(decision, posted)


def letters_of(actor: Actor) -> list[Letter]:
    """The letters to the actor's company, those that wait first, then the newest. Shows none of their words."""
    with unit(actor, "enquiry") as one:
        rows = _live(one).defer("body").order_by("-state", "-at")[:_QUEUE]
        return [_listed(row) for row in rows]


def waiting_letters(one: Unit) -> int:
    return _live(one).filter(state="waiting").count()


def open_letter(actor: Actor, letter: UUID) -> OpenLetter:
    """Read one letter: decided and recorded first."""
    with unit(actor, "enquiry") as one:
        row = _live(one).filter(id=letter).first()
        if row is None:
            raise NotFoundError
        decision = _decide(one, Ask("view", (row.kind, "email"), row.kind))
        key = _key(row.company)
    listed = _permitted(decision, _listed(row))
    words = json.loads(unseal(key[1], bytes(row.body), _binding(listed)))
    return OpenLetter(listed, words["text"], words["reply"])


def close_letter(actor: Actor, letter: UUID, key: Key | None = None) -> None:
    """Note that a letter was answered."""
    with unit(actor, "enquiry", key=key) as one:
        if not _live(one).filter(id=letter).update(state="answered"):
            raise NotFoundError


def drop_expired_letters() -> int:
    """Delete the letters whose time is over. Runs as the worker, for all companies."""
    gone: int = models.Letter.objects.filter(until__lte=clock.now()).delete()[0]
    return gone


def _decide(one: Unit, ask: Ask) -> Decision:
    """Decide about somebody who is not on record, and record it about nobody."""
    ask = Ask(ask.action, ask.words, ask.purpose, one.channel)
    scene = read_scene(one.actor, ask, one.now)
    words = one.words(scene)
    stranger = Person(
        UUID(int=0), one.actor.company, scene.country, scene.country, minor=False, choices=(), version=0,
        relations=(("visitor", ""),), entitled=False, mandates=(),
    )  # fmt: skip
    decision = answer(words, matter_of(words, one.actor, scene, stranger, ask))
    one.record_bare(one.act_of(ask, words.statement, [decision]))
    return decision


def _permitted(decision: Decision, letter: Letter) -> Letter:
    """Refuse only now that the refusal is on record."""
    if decision.outcome is not Outcome.PERMIT:
        raise LetterRefusedError(hint="clauses " + ", ".join(decision.clauses))
    return letter


def _refuse_flood(one: Unit) -> None:
    recent = models.Letter.objects.filter(company=one.actor.company, at__gt=one.now - timedelta(hours=1))
    if recent.count() >= MOST_AN_HOUR:
        raise TooManyLettersError


def _store(letter: Letter, words: dict[str, str]) -> None:
    version, key = _key(letter.company)
    models.Letter.objects.create(
        id=letter.id, company=letter.company, kind=letter.kind, at=letter.at, until=letter.until,
        body=seal(key, version, json.dumps(words).encode(), _binding(letter)),
    )  # fmt: skip


def _live(one: Unit) -> QuerySet[models.Letter]:
    return models.Letter.objects.filter(company=one.actor.company, until__gt=one.now)


def _listed(row: models.Letter) -> Letter:
    return Letter(row.id, row.company, row.kind, row.at, row.until, row.state)


def _key(company: str) -> tuple[int, SecretKey]:
    version, key = company_key(company, _KEY_USE)
    return version, SecretKey(hkdf(key, bind("letters", company)))


def _binding(letter: Letter) -> bytes:
    return bind("letter", letter.company, letter.id)

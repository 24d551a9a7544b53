"""What the clerk of `stage.clerk` does, one unit at a time. Imported once Django is ready."""

import os
import sys
import time
from uuid import UUID, uuid4

from amanat.choices.models import State
from amanat.custody.actor import Actor
from amanat.custody.choosing import Answer, Asked, choose
from amanat.custody.facts import Ask
from amanat.custody.unit import unit
from amanat.vocabulary.choices import parse_choice

LOOK = Ask("view", ("name",), "rights_fulfilment")
YES = Answer(parse_choice("cookies_analytics"), State.GIVEN)


def look_once(subject: UUID) -> None:
    with unit(_member(subject), LOOK.purpose) as one:
        handle = one.ask(LOOK, [subject])
        if "CLERK_HASTY" in os.environ:
            one._reveal()
            _say("shown", str(handle.act), handle.values(subject))
            time.sleep(0.02)  # long enough to be met by a kill
    _say("shown", str(handle.act), handle.values(subject))


def choose_once(subject: UUID, form: str) -> None:
    with unit(_member(subject), LOOK.purpose, channel="web_account") as one:
        choose(one, subject, [YES], Asked("Yes.", form, "en"))
    _say("kept", form, form)


def _member(subject: UUID) -> Actor:
    return Actor(uuid4(), "member", "ama-ch", None, subject, "drill")


def _say(what: str, which: str, shown: object) -> None:
    if shown:
        os.write(sys.stdout.fileno(), f"{what} {which}\n".encode())

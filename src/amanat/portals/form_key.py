"""The hidden key of a form: sent twice, a message has one effect.

A page prints `form_key` into each of its forms; the view turns it, with what was typed, into the key of the unit.
"""

import json
import secrets
from datetime import timedelta

from django.http import HttpRequest

from amanat.custody.answers import Key
from amanat.errors import ConflictError
from amanat.vocabulary import clock

FIELD = "form_key"
# Shorter than the answers are kept, so that a message which was carried out is never taken for a new one.
LASTS = timedelta(days=7)
_NOT_SAID = frozenset({FIELD, "csrfmiddlewaretoken"})


class StaleFormError(ConflictError):
    """The form was opened more than a week ago, too long ago to tell whether it was sent before."""


def new_key() -> str:
    """A key for a form that is about to be shown: its minute, and what nobody guesses."""
    return f"{_minute():x}.{secrets.token_urlsafe(18)}"


def key_of(request: HttpRequest) -> Key:
    """The key this message came with, bound to its address and to what it says; one without is one of a kind.

    Raises `StaleFormError` for a key that is older than the answers to repeated messages are kept.
    """
    minute, dot, _ = request.POST.get(FIELD, "").partition(".")
    if dot and _age(minute) > LASTS:
        raise StaleFormError(hint="open the page again; nothing was done now")
    said = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_SAID)
    body = json.dumps([request.path, said], ensure_ascii=False).encode()
    return Key.over(request.POST.get(FIELD) or new_key(), body)


def _minute() -> int:
    return int(clock.now().timestamp() // 60)


def _age(minute: str) -> timedelta:
    """How old a key is; one that does not tell, or tells of a time to come, was not made here."""
    try:
        age = timedelta(minutes=_minute() - int(minute[:12], 16))
    except (ValueError, OverflowError):
        return timedelta.max
    return age if age >= timedelta(minutes=-1) else timedelta.max

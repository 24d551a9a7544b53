"""The hidden key of a form: sent twice, a message has one effect.

A page prints `form_key` into each of its forms; the view turns it, with what was typed, into the key of the unit.
"""

import json
import secrets

from django.http import HttpRequest

from amanat.custody.answers import Key

FIELD = "form_key"
_NOT_SAID = frozenset({FIELD, "csrfmiddlewaretoken"})


def new_key() -> str:
    """A key for a form that is about to be shown."""
    return secrets.token_urlsafe(18)


def key_of(request: HttpRequest) -> Key:
    """The key this message came with, bound to its address and to what it says; one without is one of a kind."""
    said = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_SAID)
    body = json.dumps([request.path, said], ensure_ascii=False).encode()
    return Key.over(request.POST.get(FIELD) or new_key(), body)

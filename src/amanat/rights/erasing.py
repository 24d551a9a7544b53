"""A person's own erasure, and the proof that they keep of it."""

from django.conf import settings

from amanat.custody.actor import Actor
from amanat.custody.erasing import EVERYTHING, erase_myself
from amanat.custody.erasure_proof import proof_of_erasure

__all__ = ["EVERYTHING", "erase_me"]


def erase_me(actor: Actor) -> str:
    """Erase the person who asks for it; the proof. Nothing can bring them back."""
    return proof_of_erasure(settings.HOME, erase_myself(actor))

"""The security log of the door: append-only, typed, without personal values."""

from amanat.accounts.models import Account, Event, SecurityEvent
from amanat.vocabulary import clock


def record(kind: Event, audience: str, account: Account | None) -> None:
    """Note what happened at the door of `audience`, in the caller's transaction. None: nobody we know."""
    SecurityEvent.objects.create(
        at=clock.now(),
        kind=kind,
        audience=audience,
        company=account.company if account else None,
        account=account.id if account else None,
    )

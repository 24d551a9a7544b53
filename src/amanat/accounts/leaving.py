"""What becomes of a member's account when the member is erased: shut at once, deleted by the worker."""

from uuid import UUID

from amanat.accounts.models import Account, RecoveryCode, Session


def shut_accounts_of(subject: UUID) -> None:
    """Shut each account of a member, end its sessions, drop its recovery codes. Call it in the row context of their
    company. Their sealed e-mail, name and proofs go with the row (`delete_accounts_of`).
    """
    held = Account.objects.filter(subject=subject).values("id")
    Session.objects.filter(account__in=held).delete()
    RecoveryCode.objects.filter(account__in=held).delete()
    Account.objects.filter(subject=subject).update(is_active=False)


def delete_accounts_of(subject: UUID) -> int:
    """Delete the shut accounts of a member, with what is sealed in them. Runs as the worker; how many there were."""
    shut_accounts_of(subject)
    return Account.objects.filter(subject=subject).delete()[0]

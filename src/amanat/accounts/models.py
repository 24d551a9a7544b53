"""The tables of those who sign in: what is kept, sealed how, and for how long.

Personal values stand here only as sealed blobs under the accounts' own key; nothing about health or travel is
kept. A person's data as a member lives in the vault and is reached by `subject`, an id, alone.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import models

from amanat.vocabulary import terms

TOKEN_LENGTH: Final = 16


class Audience(models.TextChoices):
    MEMBER = "member"
    DESK = "desk"
    CLIENT = "client"
    PRIVACY = "privacy"
    AUDIT = "audit"


_STAFF = frozenset(terms.ROLE.groups["staff"])
_OVERSIGHT = frozenset(terms.ROLE.groups["oversight"])

# Which roles an audience knows. Roles are compared as words of the lexicon, never by case or free text.
ROLES_OF: Final[Mapping[str, frozenset[str]]] = {
    Audience.MEMBER: frozenset(terms.ROLE.groups["person"]),
    Audience.DESK: _STAFF - _OVERSIGHT,
    Audience.CLIENT: frozenset({"client_admin"}),
    Audience.PRIVACY: _OVERSIGHT | {"auditor"},
    Audience.AUDIT: frozenset({"auditor"}),
}


def _role_fits_audience() -> models.Q:
    fits = models.Q()
    for audience, roles in ROLES_OF.items():
        fits |= models.Q(audience=audience, role__in=sorted(roles))
    return fits


class Event(models.TextChoices):
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_CLOSED = "account_closed"
    SIGNED_IN = "signed_in"
    SIGNED_IN_BY_RECOVERY = "signed_in_by_recovery"
    SIGN_IN_TRIED = "sign_in_tried"
    SIGNED_OUT = "signed_out"
    SESSION_EXPIRED = "session_expired"
    RECOVERY_CODES_ISSUED = "recovery_codes_issued"


class AccountsKey(models.Model):
    """The accounts' own key, wrapped by a provider of their own. Every blob names its id; kept while one does."""

    id = models.PositiveIntegerField(primary_key=True)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "accounts_key"


class Account(models.Model):
    """One person's way in to one audience: who she acts for, and the sealed proofs she signs in with.

    `email_token` finds the row without saying whose it is. `failures` counts the attempts since the last success,
    `last_step` is the newest TOTP step ever used. From `ends_at` on it opens nothing, sessions included. Kept until
    closed and its evidence has expired.
    """

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = ()
    is_anonymous = False
    is_authenticated = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audience = models.TextField(choices=Audience)
    company = models.TextField()
    subject = models.UUIDField(null=True)
    organisation = models.TextField(null=True)  # noqa: DJ001  # no client and an empty client code are not the same
    role = models.TextField()
    email_token = models.BinaryField(max_length=TOKEN_LENGTH)
    sealed_email = models.BinaryField()
    sealed_name = models.BinaryField()
    sealed_password = models.BinaryField()
    sealed_secret = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    ends_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("company", "audience", "email_token"), name="account_once"),
            models.UniqueConstraint(fields=("id", "company"), name="account_of_one_company"),  # for keys into it
            models.CheckConstraint(condition=~models.Q(company=""), name="account_company_named"),
            models.CheckConstraint(condition=_role_fits_audience(), name="account_role_fits_audience"),
            # Nobody from outside has a way in that is left open behind them.
            models.CheckConstraint(
                condition=~models.Q(audience=Audience.AUDIT) | models.Q(ends_at__isnull=False),
                name="account_of_an_audit_ends",
            ),
        )
        indexes = (models.Index(fields=("email_token",), name="account_by_email"),)

    def is_open(self, moment: datetime) -> bool:
        """Whether it lets anybody in at this moment."""
        return self.is_active and (self.ends_at is None or moment < self.ends_at)


class RecoveryCode(models.Model):
    """A keyed hash of one single-use code for the day the second factor is lost. Kept for ever, used or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    company = models.TextField()
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "digest"), name="recovery_code_once"),)


class Session(models.Model):
    """One browser that proved an account: ids and times only, and a digest that no cookie can be made from.

    Kept until sign-out or expiry, at most twelve hours.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.BinaryField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    audience = models.TextField(choices=Audience)
    company = models.TextField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class SecurityEvent(models.Model):
    """What happened at the door, in a closed list of kinds; append-only, ids and times only.

    `account` is no foreign key: the evidence outlives the account. Kept two years.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    kind = models.TextField(choices=Event)
    audience = models.TextField(choices=Audience)
    company = models.TextField(null=True)  # noqa: DJ001  # an unknown e-mail belongs to no company
    account = models.UUIDField(null=True)

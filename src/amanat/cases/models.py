"""Cases: somebody needs help, and one of us answers for it. Codes, ids and times; what was said is sealed in the vault.

An emergency is a state of a case, and the row itself refuses one that nobody with a role declared for a reason.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Kind(models.TextChoices):
    MEDICAL = "medical"
    SECURITY = "security"
    UNREST = "unrest"
    ADVICE = "advice"


class State(models.TextChoices):
    OPEN = "open"
    EMERGENCY = "emergency"
    CLOSED = "closed"


class Reason(models.TextChoices):
    """Why the case was opened."""

    ILLNESS = "illness"
    ACCIDENT = "accident"
    MEDICINE = "medicine"
    THEFT = "theft"
    THREAT = "threat"
    UNREST = "unrest"
    DISASTER = "disaster"
    QUESTION = "question"


class EmergencyReason(models.TextChoices):
    """Why it is an emergency (0.2b, 0.2c)."""

    GRAVE_ILLNESS = "grave_illness"
    ACCIDENT = "accident"
    ORDER_BROKE_DOWN = "order_broke_down"
    DISASTER = "disaster"


class Outcome(models.TextChoices):
    HELPED = "helped"
    HANDED_OVER = "handed_over"
    NO_HELP_NEEDED = "no_help_needed"
    OPENED_BY_MISTAKE = "opened_by_mistake"


class Case(models.Model):
    """One case of one person. Kept two years after its end; its log and its mandates have terms of their own.

    `contexts` are those of its mandates. `number` is what people say on the telephone.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField(db_index=True)
    company = models.CharField(max_length=32)
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    reason = models.CharField(max_length=24, choices=Reason.choices)
    contexts = ArrayField(models.CharField(max_length=24), default=list)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    opened_role = models.CharField(max_length=32)
    recorded = models.BooleanField(default=False)
    emergency_at = models.DateTimeField(null=True)
    emergency_by = models.UUIDField(null=True)
    emergency_role = models.CharField(max_length=32, default="")
    emergency_reason = models.CharField(max_length=24, choices=EmergencyReason.choices, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=24, choices=Outcome.choices, default="")

    governed = ("case", "end + 2 years", "subject")

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.EMERGENCY)
                | (
                    Q(emergency_at__isnull=False, emergency_by__isnull=False)
                    & ~Q(emergency_role="")
                    & ~Q(emergency_reason="")
                ),
                name="emergency_has_role_reason_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="closed_case_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.ADVICE, state=State.EMERGENCY), name="advice_is_no_emergency"
            ),
        ]

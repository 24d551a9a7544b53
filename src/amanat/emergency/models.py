"""Break-glass, as it was opened, used, closed and looked at again: codes, ids and times.

What was said is in the case log. Whether a glass is open right now is for the mandate beside it to say; this is what
the reviewer reads.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q


class Reason(models.TextChoices):
    """Why life or health is at stake."""

    GRAVE_ILLNESS = "grave_illness"
    ACCIDENT = "accident"
    MISSING_ILL = "missing_ill"
    VIOLENCE = "violence"


class Impracticable(models.TextChoices):
    """Why the person cannot be asked."""

    UNCONSCIOUS = "unconscious"
    CONFUSED = "confused"
    UNREACHABLE = "unreachable"
    NO_TIME = "no_time"


class Ended(models.TextChoices):
    """What came of it."""

    CARE_ARRANGED = "care_arranged"
    HANDED_OVER = "handed_over"
    PERSON_ANSWERS = "person_answers"
    NOT_NEEDED = "not_needed"
    CASE_CLOSED = "case_closed"


class Verdict(models.TextChoices):
    JUSTIFIED = "justified"
    TOO_WIDE = "too_wide"
    NOT_JUSTIFIED = "not_justified"


class Glass(models.Model):
    """One break-glass. Kept two years after its review, as the mandate is.

    It ends at `until` by itself; `closed_at` says that somebody closed it out and told what was done. `review_due` is
    the house's 24 hours; the statement allows 72. Nobody reviews their own.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField(db_index=True)
    company = models.CharField(max_length=32)
    case = models.UUIDField()
    holder = models.UUIDField()
    holder_company = models.CharField(max_length=32)
    role = models.CharField(max_length=32)
    reason = models.CharField(max_length=24, choices=Reason.choices)
    impracticable = models.CharField(max_length=24, choices=Impracticable.choices)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    told_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=24, choices=Ended.choices, default="")
    review_due = models.DateTimeField()
    reviewer = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=24, choices=Verdict.choices, default="")

    governed = ("mandate", "review + 2 years", "subject")

    class Meta:
        db_table = "emergency_glass"
        indexes = [models.Index(fields=["company", "review_due"], condition=Q(verdict=""), name="emergency_to_review")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(impracticable=""), name="glass_has_its_reasons"),
            models.CheckConstraint(
                condition=Q(until__gt=F("opened_at")) & Q(until__lte=F("opened_at") + timedelta(hours=72)),
                name="glass_ends_within_72_hours",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewer=None, reviewed_at=None)
                | (~Q(verdict="") & Q(reviewed_at__isnull=False, reviewer__isnull=False) & ~Q(reviewer=F("holder"))),
                name="glass_is_reviewed_by_another",
            ),
        ]

"""Openings by staff that an officer should look at: by account and day, with the signals that spoke. Names no member.

The first act of what was flagged leads to the journal, and only from there, recorded, to a person.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Flag(models.Model):
    """What one account did about one person on one day, or (mass) about many. Kept two years, as proof of the review.

    `act` is the first of its acts; `verdict` is empty until an officer has said `proper` or `improper`.
    """

    pk = models.CompositePrimaryKey("company", "act")
    company = models.CharField(max_length=32)
    act = models.UUIDField()
    account = models.UUIDField()
    role = models.CharField(max_length=32)
    at = models.DateTimeField()
    score = models.IntegerField()
    signals = ArrayField(models.CharField(max_length=24))
    acts = models.IntegerField()
    verdict = models.CharField(max_length=12, default="")
    judged_by = models.UUIDField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "oversight_flag"
        indexes = [models.Index(fields=["company", "verdict", "-at"], name="oversight_flag_queue")]

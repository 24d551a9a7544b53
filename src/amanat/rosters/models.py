"""Files that clients sent: what came of them, never what stood in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class RosterFile(models.Model):
    """One file: its digest, size and header names, and what was taken. Kept two years, to talk with its sender.

    A refused file (3.2a) leaves nothing else. `sweep` is the act of the enrolment.
    """

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    client = models.CharField(max_length=48)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    size = models.IntegerField()
    headers = ArrayField(models.CharField(max_length=120), default=list)
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, default="")
    rows = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    by_clause = models.JSONField(default=dict)
    sweep = models.UUIDField(null=True)

    class Meta:
        db_table = "rosters_file"
        indexes = [models.Index(fields=["client", "-at"], name="rosters_file_recent")]

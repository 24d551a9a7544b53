"""Files that clients sent: what came of them, never what stood in them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class State(models.TextChoices):
    """How far a file is. `REFUSED` files left nothing else; `STOPPED` ones are finished by sending them again."""

    LOADING = "loading"
    LOADED = "loaded"
    REFUSED = "refused"
    STOPPED = "stopped"


class RosterFile(models.Model):
    """One file: its digest, size and header names, and what was taken. Kept two years, to talk with its sender.

    A refused file (3.2a, 3.2d, 3.3) leaves nothing else but the clause. Of a file that was read stay counts and, by
    line and column name, what was wrong: no value. `sweep` is the act of the enrolment, `moved` when it last went on.
    """

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    client = models.CharField(max_length=48)
    at = models.DateTimeField()
    moved = models.DateTimeField()
    digest = models.CharField(max_length=64)
    size = models.IntegerField()
    headers = ArrayField(models.CharField(max_length=120), default=list)
    dropped = ArrayField(models.CharField(max_length=120), default=list)
    state = models.CharField(max_length=12, choices=State)
    clause = models.CharField(max_length=80, default="")
    rows = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    faults = models.JSONField(default=list)
    by_clause = models.JSONField(default=dict)
    sweep = models.UUIDField(null=True)

    class Meta:
        db_table = "rosters_file"
        indexes = [models.Index(fields=["client", "-at"], name="rosters_file_recent")]

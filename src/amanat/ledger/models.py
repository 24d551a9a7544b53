"""What happened: one act per decision, one entry per (act, subject), and the log they are folded into.

No personal value stands here. An entry's body is sealed under the person's history key; its commitment is salted from
that key, so erasure silences both while every proof still verifies. Append-only is a grant.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class StatementVersion(models.Model):
    """A statement's text by digest, for ever: replaying a decision needs the words it was decided under.

    `in_force_since` is the first day anywhere, as processes of the first release read it; `Publication` is the whole.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=24)
    version = models.CharField(max_length=24)
    effective = models.DateField()
    text = models.TextField()
    in_force_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_statement"


class OverlayVersion(models.Model):
    """An overlay's text by digest, for ever, as a statement's is. `overlay` is its id, such as `law:EU`."""

    digest = models.CharField(primary_key=True, max_length=64)
    overlay = models.CharField(max_length=64)
    version = models.CharField(max_length=24)
    effective = models.DateField()
    text = models.TextField()

    class Meta:
        db_table = "ledger_overlay"


class Publication(models.Model):
    """From when a text is in force: a statement, for one company or (empty) for all; or an overlay, by its id.

    The newest one that has begun counts. An overlay without a digest has ended. Append-only, kept for ever.
    """

    id = models.BigAutoField(primary_key=True)
    overlay = models.CharField(max_length=64, default="")
    company = models.CharField(max_length=32, default="")
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_publication"
        constraints = [
            models.UniqueConstraint(fields=["overlay", "company", "since"], name="ledger_one_publication_at_a_time"),
        ]


class Act(models.Model):
    """One decision: who, what for, to whom, under which words and clauses. Kept seven years. Names no subject.

    `bare` is the commitment of an act without entries; else the entries carry one each. `opening` marks what the same
    person looks at again in the same session, see `openings`.
    """

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    at = models.DateTimeField()
    account = models.UUIDField(null=True)
    role = models.CharField(max_length=32)
    action = models.CharField(max_length=16)
    purpose = models.CharField(max_length=64)
    channel = models.CharField(max_length=24, default="")
    recipient = models.CharField(max_length=32, default="")
    organisation = models.CharField(max_length=48, default="")
    statement = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    clauses = ArrayField(models.CharField(max_length=80))
    people = models.IntegerField()
    state = models.CharField(max_length=12, default="recorded")
    bare = models.BinaryField(null=True)
    opening = models.BinaryField(null=True)

    class Meta:
        db_table = "ledger_act"
        indexes = [
            models.Index(fields=["company", "-at"], name="ledger_act_recent"),
            models.Index(fields=["account", "action", "-at"], name="ledger_act_by_account"),
        ]


class Entry(models.Model):
    """What an act meant for one person: masks of what was opened and refused, and a commitment. Kept seven years.

    `company` is the subject's. `body` is the sealed canonical record that a replay reads.
    """

    pk = models.CompositePrimaryKey("subject", "act")
    subject = models.UUIDField()
    act = models.UUIDField()
    company = models.CharField(max_length=32)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16)
    clauses = ArrayField(models.CharField(max_length=80))
    opened = models.BigIntegerField()
    refused = models.BigIntegerField()
    commitment = models.BinaryField()
    body = models.BinaryField()

    governed = ("ledger entry", "7 years, pseudonymous", "subject")

    class Meta:
        db_table = "ledger_entry"
        indexes = [
            models.Index(fields=["subject", "-at"], name="ledger_entry_recent"),
            models.Index(fields=["act"], name="ledger_entry_act"),
        ]


class Pending(models.Model):
    """A leaf waiting to be folded into its company's log; the worker takes it out within seconds."""

    id = models.BigAutoField(primary_key=True)
    company = models.CharField(max_length=32)
    leaf = models.BinaryField()

    class Meta:
        db_table = "ledger_pending"


class Bundle(models.Model):
    """Up to 256 consecutive leaves of one company's log, in log order. Full ones never change. Kept for ever."""

    pk = models.CompositePrimaryKey("company", "number")
    company = models.CharField(max_length=32)
    number = models.IntegerField()
    leaves = ArrayField(models.BinaryField())

    class Meta:
        db_table = "ledger_bundle"


class Tile(models.Model):
    """Up to 256 consecutive hashes of one level of a company's tree (C2SP tlog-tiles). Full ones never change.

    Derived from the bundles, and kept so that a proof reads a few rows instead of the whole log.
    """

    pk = models.CompositePrimaryKey("company", "level", "number")
    company = models.CharField(max_length=32)
    level = models.SmallIntegerField()
    number = models.IntegerField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "ledger_tile"


class Checkpoint(models.Model):
    """A signed tree head (C2SP note), and the size of the one before it. Append-only, kept for ever."""

    pk = models.CompositePrimaryKey("company", "size")
    company = models.CharField(max_length=32)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
    before = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_checkpoint"
        indexes = [models.Index(fields=["company", "at"], name="ledger_checkpoint_at")]


class Cosignature(models.Model):
    """The last head of a company's log that another company signed as a witness (C2SP tlog-cosignature)."""

    pk = models.CompositePrimaryKey("company", "witness")
    company = models.CharField(max_length=32)
    witness = models.CharField(max_length=32)
    size = models.BigIntegerField()
    line = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_cosignature"


class Incident(models.Model):
    """Something about a log that does not fit, open until somebody says what it was. Names no person."""

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    kind = models.CharField(max_length=24)
    place = models.CharField(max_length=120)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "ledger_incident"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind", "place"],
                condition=models.Q(closed_at__isnull=True),
                name="ledger_one_open_incident",
            ),
        ]


class Look(models.Model):
    """The one row that says when the whole ledger was last compared, and when it will be again."""

    id = models.SmallIntegerField(primary_key=True)
    began = models.DateTimeField()
    seconds = models.FloatField()
    findings = models.IntegerField()
    next_due = models.DateTimeField()

    class Meta:
        db_table = "ledger_look"

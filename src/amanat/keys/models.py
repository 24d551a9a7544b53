"""The key tree's rows: every key here is wrapped by the one above it, and names it.

Provider key (outside) → one epoch root per company (a replaceable file outside all backups) → bucket keys (64 subjects)
→ per subject a data key and a history key; beside the buckets, a key for each leaf and month in which it expires.
Dropping a subject's row is what erases the person, dropping a month's what ends it for all; a turn of the epoch makes
either final in every older copy.
"""

from django.db import models


class BucketKey(models.Model):
    """A key for up to 64 subjects of one company, wrapped by the company's epoch root. Kept while it has members."""

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    epoch = models.IntegerField()
    wrapped = models.BinaryField()
    members = models.SmallIntegerField()

    class Meta:
        db_table = "keys_bucket"
        indexes = [models.Index(fields=["company", "members"], name="keys_bucket_room")]


class SubjectKey(models.Model):
    """A person's data key (for folders) and history key (for the ledger). The row ends with the person's erasure."""

    subject = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    bucket = models.ForeignKey(BucketKey, on_delete=models.PROTECT)
    key_id = models.IntegerField()
    data = models.BinaryField()
    history = models.BinaryField()

    governed = ("keys", "until erasure", "subject")

    class Meta:
        db_table = "keys_subject"


class CompanyKey(models.Model):
    """A company's own keys: `index` for look-up tokens, `history` for entries that name nobody."""

    pk = models.CompositePrimaryKey("company", "use", "version")
    company = models.CharField(max_length=32)
    use = models.CharField(max_length=16)
    version = models.IntegerField()
    epoch = models.IntegerField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "keys_company"


class PeriodKey(models.Model):
    """A key for what a company holds of one leaf and that expires in one month (of year 0 on; 0: no end yet).

    A part is sealed under its person's data key and this one together, so dropping the row ends the leaf's month.
    """

    pk = models.CompositePrimaryKey("company", "leaf", "month")
    company = models.CharField(max_length=32)
    leaf = models.SmallIntegerField()
    month = models.SmallIntegerField()
    epoch = models.IntegerField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "keys_period"


class Touched(models.Model):
    """A bucket that lost a key since the last turn: the next one gives it a new key. Written with the loss."""

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    bucket = models.ForeignKey(BucketKey, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        db_table = "keys_touched"


class Turn(models.Model):
    """A company's turn to the epoch of this number, and how far it has come (`keys.turn` has the states)."""

    pk = models.CompositePrimaryKey("company", "epoch")
    company = models.CharField(max_length=32)
    epoch = models.IntegerField()
    state = models.CharField(max_length=16)
    # When it began: whatever was dropped before is out of reach for good once the turn is done.
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # Where the write-ahead log stood when every key was wrapped anew.
    position = models.CharField(max_length=32)

    class Meta:
        db_table = "keys_turn"

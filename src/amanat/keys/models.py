"""The key tree's rows: every key here is wrapped by the one above it, and names it.

Provider key (outside) → one epoch root per company (a replaceable file outside all backups) → bucket keys (64 subjects)
→ per subject a data key and a history key. Dropping a subject's row is what erases the person.
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

"""What others sent about a person before the person allowed it: sealed, unread, gone at `until`.

Nothing here says what was sent. The web log-in may write a row and count it, and has no right to read its body nor the
key that opens it.
"""

from django.db import models


class Pair(models.Model):
    """A company's key pair: anybody here seals with the public half, the worker alone fetches the wrapped other one."""

    pk = models.CompositePrimaryKey("company", "version")
    company = models.CharField(max_length=32)
    version = models.IntegerField()
    public = models.BinaryField()
    wrapped = models.BinaryField()

    class Meta:
        db_table = "quarantine_pair"


class Item(models.Model):
    """One report in quarantine: about whom, from what kind of source, for which case, and who took it in.

    `account` and `role` are the holder of the case: released, it is received as theirs, decided under their mandate.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    source = models.CharField(max_length=32)
    organisation = models.CharField(max_length=48, default="")
    purpose = models.CharField(max_length=64)
    record = models.UUIDField()
    account = models.UUIDField()
    role = models.CharField(max_length=32)
    at = models.DateTimeField()
    until = models.DateTimeField()
    version = models.IntegerField()
    body = models.BinaryField()

    governed = ("report", "release, or 14 days", "subject")

    class Meta:
        db_table = "quarantine_item"
        indexes = [models.Index(fields=["company", "until"], name="quarantine_item_end")]

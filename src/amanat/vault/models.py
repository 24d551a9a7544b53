"""What is entrusted: folders of separately sealed parts, and the tokens by which a person is found.

A folder is the unit of storage, a category (leaf of the data tree) the unit of sealing. No column holds a value.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Folder(models.Model):
    """One version of a folder: `parts[i]` is the sealed value of category `categories[i]`. Kept by schedule T.1.

    The key is (subject, folder, record, version); `record` is nil for the one `core` folder, else the trip or case.
    """

    pk = models.CompositePrimaryKey("subject", "folder", "record", "version")
    subject = models.UUIDField()
    folder = models.CharField(max_length=16)
    record = models.UUIDField()
    version = models.IntegerField()
    company = models.CharField(max_length=32)
    categories = ArrayField(models.SmallIntegerField())
    parts = ArrayField(models.BinaryField())
    kept_until = models.DateField(null=True)

    governed = ("folder", "schedule T.1", "subject")

    class Meta:
        db_table = "vault_folder"


class IndexToken(models.Model):
    """A keyed token over a high-entropy or compound value. Rebuilt by schedule, ends with the person."""

    pk = models.CompositePrimaryKey("company", "field", "key_version", "token", "subject")
    company = models.CharField(max_length=32)
    field = models.CharField(max_length=24)
    key_version = models.IntegerField()
    token = models.BinaryField()
    subject = models.UUIDField()

    governed = ("index token", "until erasure", "subject")

    class Meta:
        db_table = "vault_token"
        indexes = [models.Index(fields=["subject"], name="vault_token_subject")]

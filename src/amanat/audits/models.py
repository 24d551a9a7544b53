"""A sample as it was drawn: by whom, from what, with which seed. It names acts, which name nobody; kept seven years."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Sample(models.Model):
    """The first acts of a population, in the order that the seed gives them: anybody can draw it again."""

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    account = models.UUIDField()
    at = models.DateTimeField()
    seed = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16, default="")
    recipient = models.CharField(max_length=32, default="")
    country = models.CharField(max_length=2, default="")
    since = models.DateTimeField()
    population = models.IntegerField()
    acts = ArrayField(models.UUIDField())

    class Meta:
        db_table = "audits_sample"
        indexes = [models.Index(fields=["account", "-at"], name="audits_sample_recent")]

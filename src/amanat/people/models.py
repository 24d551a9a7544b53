"""People as the rules know them: by pseudonym, with no personal value.

`Standing` is read in every decision; a subject without one is undecidable and so refused.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Standing(models.Model):
    """One row per subject, born with it: what decisions stand on. Kept until erasure.

    `minor_until` is rounded up to a month and kept for under-21s alone. `choices` are those in force, as
    `kind[:parameter][@organisation]`; `choices.ConsentRecord` is their history. `version` guards against lost updates.

    `statement` is the digest of the statement that the person was given or has agreed to since; empty for the first
    one there was. `answered` maps a choice to the statement it was made under, where that is another one.
    """

    subject = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    residence = models.CharField(max_length=2)
    minor_until = models.DateField(null=True)
    choices = ArrayField(models.CharField(max_length=120), default=list)
    version = models.IntegerField(default=1)
    statement = models.CharField(max_length=64, default="", db_default="")
    answered = models.JSONField(default=dict, db_default={})

    governed = ("standing", "until erasure", "subject")

    class Meta:
        db_table = "people_standing"


class Relation(models.Model):
    """How a person comes to be covered (2.3): through whom, for which scheme, from when until when."""

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    kind = models.CharField(max_length=24)
    organisation = models.CharField(max_length=48, default="")
    scheme = models.CharField(max_length=48, default="")
    other = models.UUIDField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    evidence = models.CharField(max_length=120)

    governed = ("relation", "end of cover + 2 years", "subject")

    class Meta:
        db_table = "people_relation"
        indexes = [models.Index(fields=["organisation", "until"], name="people_relation_org")]


class Entitlement(models.Model):
    """Cover under a scheme between two dates (6.1). A person may hold several."""

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    organisation = models.CharField(max_length=48, default="")
    scheme = models.CharField(max_length=48)
    since = models.DateField()
    until = models.DateField(null=True)

    governed = ("entitlement", "end of cover + 2 years", "subject")

    class Meta:
        db_table = "people_entitlement"


class Stay(models.Model):
    """A coarse fact of travel: which country, from when until when. Kept 30 days after the return."""

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    organisation = models.CharField(max_length=48, default="")
    country = models.CharField(max_length=2)
    since = models.DateField()
    until = models.DateField()

    governed = ("itinerary", "return + 30 days", "subject")

    class Meta:
        db_table = "people_stay"
        indexes = [models.Index(fields=["organisation", "country", "since"], name="people_stay_place")]

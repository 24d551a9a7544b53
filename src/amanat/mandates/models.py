"""Mandates: why somebody may see a person now. Each has a holder, a kind, a start, an end and a proof.

Slices write them inside a custody unit; only `custody` reads them. Break-glass is a mandate with its own rules, never a
flag that skips a step.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Kind(models.TextChoices):
    CASE = "case"
    GLASS = "glass"
    ORDER = "order"
    GUARDIAN = "guardian"
    GRANT = "grant"


class Mandate(models.Model):
    """One reason to act for one subject. Kept two years after its end, as proof of why data was seen.

    `company` is the subject's, `holder_company` and `holder` (an account) whose mandate it is. `contexts` are those of
    the case it belongs to. `reason` is sealed by the slice if it names anything personal; here it is a code or empty.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    holder_company = models.CharField(max_length=32)
    holder = models.UUIDField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    record = models.UUIDField(null=True)
    contexts = ArrayField(models.CharField(max_length=24), default=list)
    proof = models.JSONField(default=dict)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    governed = ("mandate", "end + 2 years", "subject")

    class Meta:
        db_table = "mandates_mandate"
        indexes = [
            models.Index(fields=["holder_company", "holder", "until"], name="mandates_holder"),
            models.Index(fields=["subject", "kind", "until"], name="mandates_subject"),
        ]
        # What rests on one account's own proof is never the whole company's.
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=("guardian", "glass")) | models.Q(holder__isnull=False),
                name="mandate_of_somebody",
            )
        ]

"""What each person decided: an append-only history of consents and choices, after ISO/IEC TS 27560.

The row in force is mirrored in `people.Standing.choices` in the same transaction; this table is the proof.
"""

from django.db import models


class State(models.TextChoices):
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ConsentRecord(models.Model):
    """One answer to one question. Kept five years after it ended, to prove what was asked and answered.

    `organisation` narrows a recipient consent to one named body. `wording` is the digest of the sentence that was
    shown, `statement` that of the statement it stood in; `form_version` lets an older form be asked again (8.3b).
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    parameter = models.CharField(max_length=64, default="")
    organisation = models.CharField(max_length=48, default="")
    state = models.CharField(max_length=12, choices=State.choices)
    at = models.DateTimeField()
    statement = models.CharField(max_length=64)
    wording = models.CharField(max_length=64)
    form_version = models.CharField(max_length=24)
    language = models.CharField(max_length=12)
    channel = models.CharField(max_length=24)
    proof = models.CharField(max_length=120, default="")

    governed = ("consent_choice", "end + 5 years", "subject")

    class Meta:
        db_table = "choices_consentrecord"


class StatementAnswer(models.Model):
    """What a person answered to a newer statement that would let more be done. Kept as a consent record is.

    The statement that a yes moved them to is mirrored in `people.Standing.statement`; a no leaves them where they were.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    statement = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices)
    at = models.DateTimeField()
    wording = models.CharField(max_length=64)
    form_version = models.CharField(max_length=24)
    language = models.CharField(max_length=12)
    channel = models.CharField(max_length=24)
    proof = models.CharField(max_length=120, default="")

    governed = ("consent_choice", "end + 5 years", "subject")

    class Meta:
        db_table = "choices_statementanswer"


class Wording(models.Model):
    """A sentence that was put to somebody, by its SHA-256 digest. Kept for ever: consent records point at it.

    It names no person: the same sentence is put to everybody.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    text = models.TextField()

    class Meta:
        db_table = "choices_wording"

"""What a unit leaves behind beside the ledger: answers by key, messages to be sent, letters to be read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Answer(models.Model):
    """The settled result of a write, by its key. Kept seven days at least: a repetition has no second effect."""

    pk = models.CompositePrimaryKey("company", "key")
    company = models.CharField(max_length=32)
    key = models.CharField(max_length=80)
    asked = models.CharField(max_length=64)
    result = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "custody_answer"


class Message(models.Model):
    """A notice to one person, queued in the transaction that caused it and decided again when it is sent.

    `kind` names the words, `facts` fills them and holds no personal value.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    kind = models.CharField(max_length=48)
    facts = models.JSONField(default=dict)
    clauses = ArrayField(models.CharField(max_length=80), default=list)
    due = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="waiting")

    governed = ("notice", "sent + 1 year", "subject")

    class Meta:
        db_table = "custody_message"
        indexes = [models.Index(fields=["state", "due"], name="custody_message_due")]


class Sweep(models.Model):
    """A population act in progress: its cursor makes it resumable, (act, subject) makes it repeatable."""

    act = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    kind = models.CharField(max_length=24)
    organisation = models.CharField(max_length=48, default="")
    cursor = models.IntegerField(default=0)
    total = models.IntegerField()
    state = models.CharField(max_length=12, default="running")
    counts = models.JSONField(default=dict)
    started = models.DateTimeField()

    class Meta:
        db_table = "custody_sweep"


class Letter(models.Model):
    """What a visitor wrote to a company, sealed under the company's key. Names nobody; gone at `until`."""

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    body = models.BinaryField()

    class Meta:
        db_table = "custody_letter"
        indexes = [models.Index(fields=["company", "state", "at"], name="custody_letter_queue")]


class Erasure(models.Model):
    """A person's erasure: who asked, who else agreed, and how far it has come. Outlives what it erased, as its proof.

    `waiting` for a second person, `decided` and on record, `erased` (nothing opens any more), `swept` (the rows are
    gone too). `number` and `digest` are its line in the erasure list.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    act = models.UUIDField()
    state = models.CharField(max_length=12)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    erased_at = models.DateTimeField(null=True)
    number = models.IntegerField(null=True)
    digest = models.CharField(max_length=64, default="")

    governed = ("erasure_record", "erasure + 10 years", "subject")

    class Meta:
        db_table = "custody_erasure"
        indexes = [models.Index(fields=["company", "state"], name="custody_erasure_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("asked_by")),
                name="erasure_confirmed_by_another",
            ),
        ]


class ErasureMark(models.Model):
    """How far the erasure list has come, as this database knows it: one row. The list itself stands outside."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    list = models.UUIDField()
    count = models.IntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "custody_erasuremark"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_erasure_mark")]


class Hold(models.Model):
    """A law that makes us keep a person's data for a time: their erasure waits, and they are told which law (T.1).

    Kept two years after its end.
    """

    pk = models.CompositePrimaryKey("subject", "id")
    subject = models.UUIDField()
    id = models.UUIDField()
    company = models.CharField(max_length=32)
    law = models.CharField(max_length=120)
    placed_by = models.UUIDField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    governed = ("legal hold", "end + 2 years", "subject")

    class Meta:
        db_table = "custody_hold"

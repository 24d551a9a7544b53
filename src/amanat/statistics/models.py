"""The monthly tables as clients saw them."""

from django.db import models


class Report(models.Model):
    """One client's tables of one month: only figures that may be shown. Kept two years; never changed, only followed.

    `people` is how many were on record when it was made: it is made anew when ten more came or left, not before.
    """

    id = models.UUIDField(primary_key=True)
    company = models.CharField(max_length=32)
    client = models.CharField(max_length=48)
    month = models.DateField()
    made = models.DateTimeField()
    people = models.IntegerField()
    tables = models.JSONField()

    class Meta:
        db_table = "statistics_report"
        indexes = [models.Index(fields=["client", "month", "-made"], name="statistics_report_newest")]

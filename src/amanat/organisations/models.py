"""Who is who among organisations: group companies, their nodes and staff, clients, providers, agreements, tools.

Nothing here names a member. Staff are held by account id; their names live in `accounts`.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Company(models.Model):
    """A group company: a local legal person under its own law (0.4), bound by the corporate rules or not (1.2)."""

    code = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    bound_since = models.DateField(null=True)
    bound_until = models.DateField(null=True)

    class Meta:
        db_table = "organisations_company"


class Node(models.Model):
    """A place of the network (0.1): assistance centre, clinic, remote site, security centre, shared service."""

    code = models.CharField(primary_key=True, max_length=48)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_column="company")
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)

    class Meta:
        db_table = "organisations_node"


class Contact(models.Model):
    """Where a company answers questions and complaints (0.10g)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, db_column="company")
    kind = models.CharField(max_length=24)
    value = models.CharField(max_length=200)

    class Meta:
        db_table = "organisations_contact"
        constraints = [models.UniqueConstraint(fields=["company", "kind"], name="one_contact_of_a_kind")]


class Client(models.Model):
    """An organisation that pays for its people. `payer` is the recipient leaf it is when told something (6.10)."""

    code = models.CharField(primary_key=True, max_length=48)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_column="company")
    kind = models.CharField(max_length=24)
    payer = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)

    class Meta:
        db_table = "organisations_client"
        constraints = [models.CheckConstraint(condition=~models.Q(kind=""), name="client_has_a_kind")]


class Attestation(models.Model):
    """A source's word that it may share (3.3): ground, date, contact; it lapses."""

    source = models.CharField(max_length=48)
    ground = models.CharField(max_length=120)
    contact = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField()

    class Meta:
        db_table = "organisations_attestation"
        indexes = [models.Index(fields=["source", "until"], name="organisations_attested")]


class Provider(models.Model):
    """A firm that works for the group. `comparable` are the data classes its measures were found good for (2.2)."""

    code = models.CharField(primary_key=True, max_length=48)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24)
    country = models.CharField(max_length=2)
    comparable = ArrayField(models.CharField(max_length=16), default=list)
    registered = models.BooleanField(default=True)

    class Meta:
        db_table = "organisations_provider"


class Agreement(models.Model):
    """What a provider signed with a company (6.9), and between which dates."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, db_column="provider")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, db_column="company")
    terms = ArrayField(models.CharField(max_length=24), default=list)
    since = models.DateField()
    until = models.DateField()

    class Meta:
        db_table = "organisations_agreement"
        indexes = [models.Index(fields=["provider", "company", "until"], name="organisations_agreed")]


class TransferTool(models.Model):
    """The lawful way for data to go from one country to another (6.8)."""

    origin = models.CharField(max_length=2)
    destination = models.CharField(max_length=2)
    tool = models.CharField(max_length=24)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        db_table = "organisations_transfertool"
        indexes = [models.Index(fields=["origin", "destination"], name="organisations_routes")]


class StaffRole(models.Model):
    """What a member of staff may do, where, and for which data classes the training is fresh (2.1b)."""

    account = models.UUIDField(primary_key=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_column="company")
    role = models.CharField(max_length=32)
    trained = ArrayField(models.CharField(max_length=16), default=list)
    trained_until = models.DateField(null=True)

    class Meta:
        db_table = "organisations_staffrole"

"""The auditor's room: an audience of its own, whose accounts end by themselves."""

from django.db import migrations, models

_AUDIENCES = [
    ("member", "Member"), ("desk", "Desk"), ("client", "Client"), ("privacy", "Privacy"), ("audit", "Audit"),
]  # fmt: skip
_FITS = (
    models.Q(audience="member", role__in=["dependant", "guardian", "member"])
    | models.Q(
        audience="desk",
        role__in=[
            "assistance_coordinator", "billing_clerk", "clinician", "escort", "logistics_agent", "marketing_editor",
            "security_specialist", "web_system",
        ],
    )
    | models.Q(audience="client", role__in=["client_admin"])
    | models.Q(audience="privacy", role__in=["auditor", "group_dpo", "privacy_officer", "security_officer"])
    | models.Q(audience="audit", role__in=["auditor"])
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_of_one_company")]

    operations = [
        migrations.AddField("account", "ends_at", models.DateTimeField(null=True)),
        migrations.AlterField("account", "audience", models.TextField(choices=_AUDIENCES)),
        migrations.AlterField("session", "audience", models.TextField(choices=_AUDIENCES)),
        migrations.AlterField("securityevent", "audience", models.TextField(choices=_AUDIENCES)),
        migrations.RemoveConstraint("account", "account_role_fits_audience"),
        migrations.AddConstraint("account", models.CheckConstraint(condition=_FITS, name="account_role_fits_audience")),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=~models.Q(audience="audit") | models.Q(ends_at__isnull=False),
                name="account_of_an_audit_ends",
            ),
        ),
    ]

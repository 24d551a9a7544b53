"""Samples are written once. In a room, the auditor's log-in sees the acts of the room's company and of no other."""

import django.contrib.postgres.fields
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from psycopg import sql

from amanat.database.rowsecurity import ForceRowSecurity, Grant, role_name

_ROOM = sql.SQL("""
CREATE POLICY room ON ledger_act AS RESTRICTIVE FOR SELECT TO {}
    USING (company = COALESCE(NULLIF(current_setting('amanat.room', true), ''), company))
""")


def close_rooms(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The audit log-in may read all companies, as verifying them needs; a restrictive policy narrows it in a room.

    Entries carry the company of their person, which may be another one's; a room reaches them through its acts.
    """
    audit = sql.Identifier(role_name(editor.connection.settings_dict, "audit"))
    editor.connection.ensure_connection()
    editor.execute(_ROOM.format(audit).as_string(editor.connection.connection), None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0004_publications")]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("company", models.CharField(max_length=32)),
                ("account", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("seed", models.CharField(max_length=64)),
                ("outcome", models.CharField(default="", max_length=16)),
                ("recipient", models.CharField(default="", max_length=32)),
                ("country", models.CharField(default="", max_length=2)),
                ("since", models.DateTimeField()),
                ("population", models.IntegerField()),
                ("acts", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
            ],
            options={
                "db_table": "audits_sample",
                "indexes": [models.Index(fields=["account", "-at"], name="audits_sample_recent")],
            },
        ),
        ForceRowSecurity("audits_sample", subject=None),
        Grant("audits_sample", web="SELECT, INSERT"),
        migrations.RunPython(close_rooms, migrations.RunPython.noop),
    ]

"""A request counts a bucket's members and never touches its wrapped key: that would take 64 people's data along."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import Grant


class Migration(DjangoMigration):
    dependencies = [("keys", "0002_doors")]
    operations = [
        Grant("keys_bucket", web="SELECT, INSERT, UPDATE (members)", worker="SELECT, INSERT, UPDATE (members)"),
    ]

"""Who may do what with wrapped keys. A subject's row may be dropped (erasure) but never rewritten by a request."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("keys", "0001_initial")]
    operations = [
        ForceRowSecurity("keys_subject"),
        Grant("keys_subject", web="SELECT, INSERT, DELETE", worker="SELECT, INSERT, DELETE"),
        Grant("keys_bucket", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE"),
        Grant("keys_company", web="SELECT", worker="SELECT, INSERT"),
    ]

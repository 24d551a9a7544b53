"""Append-only is a grant: no log-in may change or remove an act or an entry. A person sees the acts about them."""

from django.db.migrations import Migration as DjangoMigration, RunSQL

from amanat.database.rowsecurity import ForceRowSecurity, Grant


class Migration(DjangoMigration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        ForceRowSecurity("ledger_entry"),
        ForceRowSecurity("ledger_act", subject=None),
        RunSQL("""
            CREATE POLICY person ON ledger_act FOR SELECT USING (EXISTS (
                SELECT 1 FROM ledger_entry entry
                WHERE entry.act = ledger_act.id
                AND entry.subject = ANY (
                    string_to_array(NULLIF(current_setting('amanat.subjects', true), ''), ',')::uuid[]
                )
            ))
        """),
        Grant("ledger_act", web="SELECT, INSERT", worker="SELECT, INSERT", audit="SELECT", everything_for=("audit",)),
        Grant("ledger_entry", web="SELECT, INSERT", worker="SELECT, INSERT", audit="SELECT", everything_for=("audit",)),
        Grant("ledger_pending", web="INSERT", worker="SELECT, INSERT, DELETE", audit="SELECT"),
        Grant("ledger_bundle", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT"),
        Grant("ledger_checkpoint", web="SELECT", worker="SELECT, INSERT", audit="SELECT"),
        Grant("ledger_statement", web="SELECT", worker="SELECT, INSERT, UPDATE", audit="SELECT"),
    ]

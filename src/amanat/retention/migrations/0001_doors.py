"""The worker, and it alone, takes away the rows of people who were erased and of data whose time is over."""

from django.db.migrations import Migration as DjangoMigration

from amanat.database.rowsecurity import Grant


class Migration(DjangoMigration):
    initial = True
    dependencies = [
        ("accounts", "0003_of_one_company"),
        ("cases", "0003_a_live_mandate"),
        ("custody", "0005_erasures"),
        ("emergency", "0002_doors"),
        ("mandates", "0003_nobody_helps_themselves"),
    ]
    operations = [
        Grant("accounts_account", worker="SELECT, INSERT, DELETE, UPDATE (is_active)"),
        Grant("accounts_recoverycode", worker="SELECT, DELETE"),
        Grant("cases_case", worker="SELECT, DELETE"),
        Grant("custody_message", worker="SELECT, INSERT, UPDATE, DELETE"),
        Grant("emergency_glass", worker="SELECT, DELETE"),
        Grant("mandates_mandate", worker="SELECT, INSERT, UPDATE, DELETE"),
    ]

"""A session and a recovery code belong to the company of their account: their key into it carries the company.

Checked at once, so that an account of another company and one that is not there get the same error.
"""

from django.db import migrations, models

CARRY_THE_COMPANY = """
ALTER TABLE accounts_session ADD CONSTRAINT session_of_one_company
    FOREIGN KEY (account_id, company) REFERENCES accounts_account (id, company);
ALTER TABLE accounts_recoverycode ADD CONSTRAINT recovery_code_of_one_company
    FOREIGN KEY (account_id, company) REFERENCES accounts_account (id, company);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_doors")]

    operations = [
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(fields=("id", "company"), name="account_of_one_company"),
        ),
        migrations.RunSQL(CARRY_THE_COMPANY),
    ]

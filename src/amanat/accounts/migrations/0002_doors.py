"""Who may see and do what with the account tables: grants verb by verb, row security forced.

A row shows to its company, to a transaction that names the account, the sign-in e-mail's token, or the cookie's
digest. The security log takes every row and never changes one. The worker opens accounts and clears old sessions.
"""

from django.db import migrations

from amanat.database.rowsecurity import ForceRowSecurity, Grant

OWN_ACCOUNT = """
CREATE POLICY own_account ON accounts_account
    USING (id = ANY (string_to_array(NULLIF(current_setting('amanat.account', true), ''), ',')::uuid[]));
CREATE POLICY own_account ON accounts_session
    USING (account_id = ANY (string_to_array(NULLIF(current_setting('amanat.account', true), ''), ',')::uuid[]));
CREATE POLICY own_account ON accounts_recoverycode
    USING (account_id = ANY (string_to_array(NULLIF(current_setting('amanat.account', true), ''), ',')::uuid[]));
CREATE POLICY own_account ON accounts_securityevent FOR SELECT
    USING (account = ANY (string_to_array(NULLIF(current_setting('amanat.account', true), ''), ',')::uuid[]));
"""

SIGNING_IN = """
CREATE POLICY signing_in ON accounts_account FOR SELECT
    USING (email_token = decode(NULLIF(current_setting('amanat.sign_in', true), ''), 'hex'));
CREATE POLICY counting_tries ON accounts_account FOR UPDATE
    USING (email_token = decode(NULLIF(current_setting('amanat.sign_in', true), ''), 'hex'));
"""

HOLDING_THE_COOKIE = """
CREATE POLICY holding_the_cookie ON accounts_session
    USING (digest = decode(NULLIF(current_setting('amanat.session', true), ''), 'hex'));
CREATE POLICY holding_the_cookie ON accounts_account FOR SELECT
    USING (id = (SELECT account_id FROM accounts_session
                 WHERE digest = decode(NULLIF(current_setting('amanat.session', true), ''), 'hex')));
"""

LOGGING = "CREATE POLICY logging ON accounts_securityevent FOR INSERT WITH CHECK (true);"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_accounts")]

    operations = [
        Grant("accounts_key", web="SELECT", worker="SELECT, INSERT"),
        ForceRowSecurity("accounts_account", subject=None),
        Grant(
            "accounts_account",
            web="SELECT, INSERT, UPDATE (failures), UPDATE (wait_until), UPDATE (last_step), UPDATE (is_active)",
            worker="SELECT, INSERT",
        ),
        ForceRowSecurity("accounts_recoverycode", subject=None),
        Grant("accounts_recoverycode", web="SELECT, INSERT, UPDATE (used_at), DELETE"),
        ForceRowSecurity("accounts_session", subject=None),
        Grant(
            "accounts_session",
            web="SELECT, INSERT, UPDATE (seen_at), DELETE",
            worker="SELECT, DELETE",
            everything_for=("worker",),
        ),
        ForceRowSecurity("accounts_securityevent", subject=None),
        Grant(
            "accounts_securityevent", web="SELECT, INSERT", worker="INSERT", audit="SELECT", everything_for=("audit",)
        ),
        migrations.RunSQL(OWN_ACCOUNT),
        migrations.RunSQL(SIGNING_IN),
        migrations.RunSQL(HOLDING_THE_COOKIE),
        migrations.RunSQL(LOGGING),
    ]

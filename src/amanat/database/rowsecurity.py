"""Migration operations for row security and grants, so that a table's door stands beside the table.

Least privilege is a grant and isolation is a policy: both are migrations and both are tested by trying to break
them. Context comes from two settings of the transaction, `amanat.company` and `amanat.subjects`; empty means no rows.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from psycopg import sql

_COMPANY = sql.SQL("NULLIF(current_setting('amanat.company', true), '')")
_SUBJECTS = sql.SQL("ANY (string_to_array(NULLIF(current_setting('amanat.subjects', true), ''), ',')::uuid[])")
_EVERYTHING = sql.SQL("TO {} USING (true) WITH CHECK (true)")


def role_name(settings: dict[str, Any], kind: str) -> str:
    """The login role of `kind` (web, worker, migrate, audit) for the database described by `settings`."""
    return f"{settings.get('ROLE_PREFIX') or settings['NAME']}_{kind}"


class _TableOperation(Operation):
    reduces_to_sql = True
    reversible = True
    table: str

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Neither policies nor grants are part of Django's model state."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Going back opens no door: policies and grants end with their table, and going forward sets them anew."""

    def _let(self, editor: BaseDatabaseSchemaEditor, policy: str, rule: sql.Composable) -> None:
        """Set the table's policy of this name, in place of an older one."""
        names = (sql.Identifier(policy), sql.Identifier(self.table))
        self._run(editor, sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(*names))
        self._run(editor, sql.SQL("CREATE POLICY {} ON {} {}").format(*names, rule))

    def _run(self, editor: BaseDatabaseSchemaEditor, statement: sql.Composed) -> None:
        editor.connection.ensure_connection()
        editor.execute(statement.as_string(editor.connection.connection), None)


class ForceRowSecurity(_TableOperation):
    """Enable and force row security: rows of the acting company, or of subjects a live mandate names.

    `subject=None` leaves the company alone to decide, for tables that name no person.
    """

    def __init__(self, table: str, *, company: str = "company", subject: str | None = "subject") -> None:
        self.table, self.company, self.subject = table, company, subject

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table], {"company": self.company, "subject": self.subject}

    def describe(self) -> str:
        return f"Force row security on {self.table}"

    def database_forwards(self, _label: str, schema_editor: Any, _from: Any, _to: Any) -> None:
        table = sql.Identifier(self.table)
        rows = sql.SQL("{} = {}").format(sql.Identifier(self.company), _COMPANY)
        if self.subject:
            rows = sql.SQL("{} OR {} = {}").format(rows, sql.Identifier(self.subject), _SUBJECTS)
        migrate = sql.Identifier(role_name(schema_editor.connection.settings_dict, "migrate"))
        for text in ("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", "ALTER TABLE {} FORCE ROW LEVEL SECURITY"):
            self._run(schema_editor, sql.SQL(text).format(table))
        self._let(schema_editor, "context", sql.SQL("USING ({}) WITH CHECK ({})").format(rows, rows))
        self._let(schema_editor, "migration", _EVERYTHING.format(migrate))


class Grant(_TableOperation):
    """Give each login role exactly the named verbs on a table, and nothing to anybody else.

    `everything_for` names roles that also get a policy reading every company's rows (the auditor's log-in on the
    ledger, the worker where it serves all companies).
    """

    def __init__(self, table: str, *, everything_for: tuple[str, ...] = (), **verbs: str) -> None:
        self.table, self.everything_for, self.verbs = table, everything_for, verbs

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table], {"everything_for": self.everything_for, **self.verbs}

    def describe(self) -> str:
        return f"Grant on {self.table}"

    def database_forwards(self, _label: str, schema_editor: Any, _from: Any, _to: Any) -> None:
        table, settings = sql.Identifier(self.table), schema_editor.connection.settings_dict
        self._run(schema_editor, sql.SQL("REVOKE ALL ON {} FROM PUBLIC").format(table))
        for kind, verbs in self.verbs.items():
            role = sql.Identifier(role_name(settings, kind))
            listed = sql.SQL(", ").join(sql.SQL(verb.strip()) for verb in verbs.split(","))
            self._run(schema_editor, sql.SQL("REVOKE ALL ON {} FROM {}").format(table, role))
            self._run(schema_editor, sql.SQL("GRANT {} ON {} TO {}").format(listed, table, role))
        for kind in self.everything_for:
            role = sql.Identifier(role_name(settings, kind))
            self._let(schema_editor, f"everything_{kind}", _EVERYTHING.format(role))

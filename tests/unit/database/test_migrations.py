"""The tables that the models describe are the tables that the migrations make."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_no_migration_is_missing() -> None:
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    missing = [operation.describe() for one in changes.values() for each in one for operation in each.operations]
    assert missing == []


def test_no_app_has_two_ends_of_its_history() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}

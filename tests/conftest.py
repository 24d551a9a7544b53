"""The frame of all tests: a session folder, Django set up without a database, and the fixtures of `stage`."""

import os

import pytest

from stage.server import SESSION, begin_session, end_session

pytest_plugins = ("stage.accounts", "stage.databases", "stage.sockets")


def pytest_configure(config: pytest.Config) -> None:
    begin_session()
    os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.site.settings"
    import django  # noqa: PLC0415  # settings read the session's folder

    django.setup()
    from stage.databases import close_the_door  # noqa: PLC0415  # it needs Django's settings

    close_the_door()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and SESSION in os.environ:
        end_session()

"""The frame of all tests: a session folder, Django set up without a database, and the fixtures of `stage`.

Django is set up as this file loads, before the fixtures' modules and the tests are: they may import models.
"""

import os

import django
import pytest

from stage.server import begin_session, end_session

begin_session()
os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.site.settings"
django.setup()

pytest_plugins = (
    "stage.databases",
    "stage.sockets",
    "stage.accounts",
    "stage.group",
    "stage.browser",
)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        end_session()

"""The frame of all tests: a session folder, Django set up without a database, and the fixtures of `stage`.

Django is set up as this file loads, before the fixtures' modules and the tests are: they may import models.
"""

import os

import django

from stage.server import begin_session

begin_session()
os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.site.settings"
# Playwright leaves an event loop in the thread of the tests, where Django then refuses its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

pytest_plugins = (
    "stage.databases",
    "stage.sockets",
    "stage.clauses",
    "stage.accounts",
    "stage.ledger",
    "stage.site",
    "stage.group",
    "stage.member",
    "stage.installation",
    "stage.demo",
    "stage.client",
    "stage.postbox",
    "stage.browser",
)

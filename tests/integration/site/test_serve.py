"""The web server starts on a fit installation, and only there."""

import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from stage.server import Clone
from stage.site import Site


def test_the_site_answers_what_is_not_there_with_a_page(site: Site) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(site.at("/nothing-is-here/"), timeout=10)
    with refused.value as answer:
        assert answer.status == 404
        assert "text/html" in answer.headers["Content-Type"]


def test_serve_refuses_an_installation_without_its_secret(database: Clone) -> None:
    database.home.secret_key.unlink()
    refused = _serve(database)
    assert refused.returncode == 3
    assert "secret_key" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_serve_refuses_a_database_that_lacks_a_migration(database: Clone) -> None:
    with database.connect("owner") as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'vault'")
    refused = _serve(database)
    assert refused.returncode == 3
    assert "amanat database migrate" in refused.stderr


def _serve(clone: Clone) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "amanat.cli.main", "serve", "--port", "9"]
    return subprocess.run(command, env=clone.environment, capture_output=True, text=True, check=False, timeout=60)

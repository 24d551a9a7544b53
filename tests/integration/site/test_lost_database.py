"""The database goes away under a running site: a clear refusal meanwhile, and service again when it is back."""

import os
import signal
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from amanat.cli.run import free_port
from amanat.database import embedded
from amanat.database.cluster import server_process
from stage.installation import Installation

# A page for which the session's row has to be read: a cookie is sent with it.
_PAGE = "member/sign-in/"


def test_a_site_without_its_database_refuses_and_recovers(prepared: Installation) -> None:
    _found(prepared)
    port = free_port(23_000)
    command = [sys.executable, "-m", "amanat.cli.main", "serve", "--port", str(port)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AMANAT_", "DATABASE_URL"))}
    environment = clean | {"AMANAT_HOME": str(prepared.home.folder)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as site:
        try:
            url = f"http://localhost:{port}/{_PAGE}"
            assert _eventually(url, 200)
            refused = _try_to_sign_in(url)[0]
            assert refused != 503
            process = server_process(prepared.home)
            assert process
            os.kill(process, signal.SIGKILL)
            status, page = _try_to_sign_in(url)
            assert status == 503
            assert "Traceback" not in page
            assert "psycopg" not in page
            with embedded.running(prepared.home):
                assert _eventually(url, 200)
                assert _try_to_sign_in(url)[0] == refused
        finally:
            site.terminate()
        assert site.stderr
        assert "amina@example.org" not in site.stderr.read()


def _found(installation: Installation) -> None:
    """What the worker does first: the keys without which nobody can sign in."""
    program = "import django; django.setup(); from amanat.custody.founding import found; found()"
    done = installation.python(program, AMANAT_LOGIN="worker", DJANGO_SETTINGS_MODULE="amanat.site.settings")
    assert done.returncode == 0, done.stderr


def _try_to_sign_in(url: str) -> tuple[int, str]:
    """An attempt needs the database; without its form's token it is refused before, so the page is asked for first."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    with browser.open(url, timeout=30) as form:
        page = form.read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    body = urlencode(
        {"csrfmiddlewaretoken": token, "email": "amina@example.org", "password": "a guess of hers", "code": "123456"}
    ).encode()
    origin = url.split("/member", maxsplit=1)[0]
    try:
        with urlopen(Request(url, body, {"Cookie": cookies, "Origin": origin}), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _eventually(url: str, status: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=10) as answer:
                if answer.status == status:
                    return True
        except HTTPError as error:
            error.close()
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    return False

"""A small installation of its own for the benches: embedded server, one client's roster through the doors."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

_COMMAND = (sys.executable, "-m", "amanat.cli.main")
COMPANY, CLIENT = "ama-ch", "oryx-energy"


@contextmanager
def installation(people: int) -> Iterator[Path]:
    """A state folder with a prepared database and `people` members; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="amanat-bench-", dir="/tmp"))  # socket paths must be short
    os.environ |= {
        "AMANAT_HOME": str(folder),
        "AMANAT_LOGIN": "worker",
        "DJANGO_SETTINGS_MODULE": "amanat.site.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    try:
        for words in (("database", "start"), ("database", "prepare"), ("database", "migrate")):
            subprocess.run([*_COMMAND, *words], check=True, capture_output=True)
        import django

        django.setup()
        _people_in(people)
        yield folder
    finally:
        subprocess.run([*_COMMAND, "database", "stop"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _people_in(people: int) -> None:
    from amanat.custody.companies import begin_companies
    from amanat.custody.founding import found
    from amanat.demo.files import roster_files
    from amanat.demo.load import load_organisations
    from amanat.demo.people import members
    from amanat.demo.world import the_world
    from amanat.rosters.service import load_roster

    world = the_world()
    found()
    load_organisations(world)
    begin_companies([COMPANY])
    wanted = [one for one in members(count=people * 8, as_of=world.as_of) if one.client == CLIENT][:people]
    file = next(file for file in roster_files(world, wanted) if file.client == CLIENT)
    loaded = load_roster(file.data, client=CLIENT)
    assert loaded.file.taken >= people - 5, loaded.file.taken


def one_coordinator() -> "object":
    """Staff who may look at cover: on record with the role, and fresh training."""
    from uuid import uuid4

    from amanat.custody.actor import Actor
    from amanat.organisations.models import StaffRole
    from amanat.vocabulary import clock

    account = uuid4()
    StaffRole.objects.create(
        account=account, company_id=COMPANY, role="assistance_coordinator", trained=["ordinary", "medical"],
        trained_until=clock.now().date() + timedelta(days=30),
    )  # fmt: skip
    return Actor(account, "assistance_coordinator", COMPANY, None, None, "bench")

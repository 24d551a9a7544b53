"""A process at work on an installation, for drills that kill it: it says what it was shown, and what was kept.

Run as `python -m stage.clerk NUMBER SUBJECT…`. A line is written once a value has left a handle (`shown ACT`) or a
choice has been acknowledged (`kept FORM`). With CLERK_HASTY it takes values out before the commit: the planted fault.
"""

import os
import random
import sys
from itertools import count
from uuid import UUID

from amanat.cli.site import ready_site


def main(number: str, *subjects: str) -> None:
    with ready_site("web"):
        from stage.clerk_at_work import choose_once, look_once  # noqa: PLC0415  # it needs Django

        people, dice = [UUID(one) for one in subjects], random.Random(number)  # noqa: S311  # a turn, not a secret
        for step in count():
            subject = dice.choice(people)
            if step % 3:
                look_once(subject)
            else:
                choose_once(subject, f"{number}-{os.getpid()}-{step}")


if __name__ == "__main__":
    main(*sys.argv[1:])

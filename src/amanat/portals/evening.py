"""One answer in one time: what is not there and what is not yours take equally long to be told apart.

Deciding and recording a refused look takes longer than finding nothing. An answer of that kind therefore leaves at the
next tenth of a second after it was asked for, whatever was done meanwhile.
"""

import time
from typing import Final

from amanat.errors import AmanatError, Kind

STEP: Final = 0.1
EVENED: Final = frozenset({Kind.NOT_FOUND, Kind.GONE})


def even_out(error: AmanatError, began: float) -> None:
    """Wait, if the error says that something is not there. `began` is when it was asked for, as of `time.monotonic`."""
    if error.kind in EVENED:
        time.sleep(STEP - (time.monotonic() - began) % STEP)

"""How many statements a page needs: every query but the brackets of its transactions."""

import contextlib
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

MOST = 12
_BRACKETS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextlib.contextmanager
def few_statements(most: int = MOST) -> Iterator[list[str]]:
    """Fail if the block needs more than `most` statements; they are in the list afterwards."""
    listed: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield listed
    listed += [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(_BRACKETS)]
    assert len(listed) <= most, "\n".join(listed)

"""What the tests of the schema share."""

import pytest

from stage.server import Clone


@pytest.fixture
def server_prefix(database: Clone) -> str:
    """What the names of the log-ins begin with."""
    return str(database.settings()["ROLE_PREFIX"])

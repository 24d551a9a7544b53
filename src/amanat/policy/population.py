"""Who among many people may be told something: each distinct set of facts is decided once, and people follow.

No decision is ever written as SQL: the fact rooms number the sets of facts that people have (`standing.fact_set`), and
what was decided for a set holds for everybody who has it. Needs NumPy.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from amanat.policy.decider import Decider
from amanat.policy.decision import Outcome
from amanat.policy.request import Request


def permitted_people(decider: Decider, asked: Iterable[Request], fact_sets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """For each person, by the number of their fact set, whether what was asked of that set is permitted.

    `asked` holds one request for each fact set, in the order of their numbers.
    """
    permitted = [decider.answer(request).outcome is Outcome.PERMIT for request in asked]
    return np.array(permitted, dtype=np.bool_).take(fact_sets)

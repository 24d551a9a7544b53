"""One request line in, one answer line out, under overlays: what `amanat decide --overlay` does with a line."""

from collections.abc import Iterable

from amanat.errors import MalformedError
from amanat.policy.decider import Decider
from amanat.policy.interpreter import Policy
from amanat.policy.lines import answer_line, compact, fault_line
from amanat.policy.wire import loads, read_request, write_decision
from amanat.statement.overlays import Decide, Overlaid, Overlay, clients_named


class OverlaidLines:
    """Answers lines as `policy.lines.Lines` does; a contract that is among the overlays holds for every line."""

    def __init__(self, base: Policy, overlays: Iterable[Overlay]) -> None:
        self._overlaid = Overlaid(base, overlays, deciding)
        self._clients = clients_named(self._overlaid.overlays)

    def answer(self, line: bytes, number: int) -> tuple[bytes, bool]:
        """The answer to the line with this number, and whether it is a decision (else it is an error)."""
        try:
            wire = loads(line)
            decision = self._overlaid.decide(read_request(wire), self._clients)
        except MalformedError as error:
            return fault_line(line, number, error), False
        return answer_line(wire.get("id"), number, compact(write_decision(decision))), True


def deciding(policy: Policy) -> Decide:
    """The fast decider of a policy."""
    return Decider(policy).decide

"""`python -m bench.report FILE`: the JSON of a run → the tables of `docs/reference/performance.md`."""

import json
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "performance.md"
_BEGIN, _END = "<!-- measured -->", "<!-- /measured -->"


def tables(run: dict[str, Any]) -> str:
    """What was measured, as Markdown."""
    lines = [_where(run), "", *_reads(run["reads"]), "", *_decide(run["decide"])]
    return "\n".join(lines)


def _where(run: dict[str, Any]) -> str:
    machine, inputs = run["machine"], run["inputs"]
    return (
        f"Measured {run['at'][:10]} on {machine['cpus']} cores of {machine['model']}, Python {machine['python']}, load "
        f"before the run {machine['load'][0]:.1f}; {inputs['people']:,} people, {inputs['clients']} clients, "
        f"{inputs['rounds']} rounds of {inputs['seconds']:.0f} s."
    )


def _reads(reads: dict[str, Any]) -> list[str]:
    head = [
        "| custody | ratio to B3, median (min to max) | units/s | B3 units/s | sync probes, ms |",
        "|---|---|---|---|---|",
    ]
    return head + [_row(name, one) for name, one in reads.items()]


def _row(name: str, one: dict[str, Any]) -> str:
    ratio, probes = one["ratio_to_b3"], ", ".join(map(str, one["sync_probe_ms"]))
    span = f"{ratio['median']} ({ratio['min']} to {ratio['max']})"
    return f"| {name} | {span} | {one['units_per_s']:,} | {one['b3_units_per_s']:,} | {probes} |"


def _decide(decide: dict[str, Any]) -> list[str]:
    return [
        f"| one decision, {decide['rules']} rules, reference interpreter | per CPU second |",
        "|---|---|",
        f"| request already read | {decide['decisions_per_cpu_s']:,} |",
        f"| JSON line in, answer out | {decide['from_wire_per_cpu_s']:,} |",
    ]


def main() -> None:
    run = json.loads(Path(sys.argv[1]).read_text())
    before, _, rest = PAGE.read_text().partition(_BEGIN)
    _, _, after = rest.partition(_END)
    PAGE.write_text(f"{before}{_BEGIN}\n{tables(run)}\n{_END}{after}")


if __name__ == "__main__":
    main()

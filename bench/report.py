"""`python -m bench.report FILE`: the JSON of a run → the tables of `docs/reference/performance.md`."""

import json
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "performance.md"
_BEGIN, _END = "<!-- measured -->", "<!-- /measured -->"


def tables(run: dict[str, Any]) -> str:
    """What was measured, as Markdown."""
    lines = [_where(run), "", *_reads(run["reads"]), "", *_keeping(run["keeping"]), "", *_ledger(run["ledger"])]
    lines += ["", *_decide(run["decide"]), "", *_analysis(run["analysis"])]
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


def _keeping(keeping: dict[str, Any]) -> list[str]:
    ratio, room = keeping["ratio_to_copy"], keeping["room"]
    return [
        "| keeping | measured | goal |",
        "|---|---|---|",
        (
            f"| {keeping['folders']:,} folders of three parts sealed and stored, against COPY of the same rows | "
            f"{ratio['median']} ({ratio['min']} to {ratio['max']}); {keeping['folders_per_s']:,} a second | 0.5 |"
        ),
        (
            f"| a person of {room['leaves']} leaves, against the plain table with the same indexes | {room['ratio']} "
            f"({room['sealed_bytes']:,} bytes) | 1.5 |"
        ),
    ]


def _ledger(ledger: dict[str, Any]) -> list[str]:
    goals, event, leaves = ledger["goals"], ledger["event"], f"{ledger['leaves']:,} leaves"
    parts = ", ".join(f"{name} {size}" for name, size in event["parts"].items())
    return [
        "| ledger, records of 200 bytes | measured | goal |",
        "|---|---|---|",
        f"| bulk append | {ledger['bulk_per_s']:,} a second | {goals['bulk_per_s']:,} |",
        f"| durable, {ledger['batch']:,} a batch | {ledger['durable_per_s']:,} a second | {goals['durable_per_s']:,} |",
        f"| proof, {leaves}, tiles at hand | {ledger['proof_us']} µs | {goals['proof_us']} µs |",
        f"| the same, each tile met for the first time | {ledger['proof_cold_us']} µs | |",
        f"| verify, {leaves} | {ledger['verify_us']} µs | {goals['verify_us']} µs |",
        f"| an event on disk: {parts} | {event['bytes']} bytes | {goals['bytes_an_event']} bytes |",
    ]


def _decide(decide: dict[str, Any]) -> list[str]:
    one, large, batch = decide["single"], decide["large"], decide["batch"]
    people, command = decide["population"], decide["command"]
    return [
        "| decisions, reasons included | measured | Cedar, same rules and requests | ratio, median (min to max) |",
        "|---|---|---|---|",
        _single(f"{one['rules']} rules, flat request", one),
        f"| the same, each set of facts met for the first time | {one['fresh_per_s']:,} a second | | |",
        f"| {one['rules']} rules, the contract's nested request | {one['nested_per_s']:,} a second | | |",
        _single(f"{large['rules']:,} rules, flat request", large),
        _columns(batch, one),
        f"| {people['people']:,} people with {people['fact_sets']:,} sets of facts | {people['ms']} ms | | |",
        f"| `amanat decide`, {command['lines']:,} lines, start included | {command['lines_per_s']:,} a second | | |",
        "",
        _asked(one),
    ]


def _columns(batch: dict[str, Any], one: dict[str, Any]) -> str:
    calls = one["cedar_calls_per_s"]
    return (
        f"| {batch['rows']:,} rows in columns, {batch['different']:,} different | {batch['rows_per_s']:,} a second | "
        f"{calls:,} calls | {batch['rows_per_s'] / calls:,.0f} |"
    )


def _asked(one: dict[str, Any]) -> str:
    return (
        f"A flat request names {one['facts']} facts and {one['calls_a_request']} data on average; Cedar is called once "
        f"for each datum. Of {one['rules']} rules {one['not_in_cedar']} has no form in Cedar; it decides nothing."
    )


def _single(said: str, one: dict[str, Any]) -> str:
    ratio = one["ratio"]
    return (
        f"| {said} | {one['flat_per_s']:,} a second | {one['cedar_calls_per_s']:,} calls | "
        f"{ratio['median']} ({ratio['min']} to {ratio['max']}) |"
    )


def _analysis(analysis: dict[str, Any]) -> list[str]:
    named = [f"| never: {title} | {taken} ms |" for title, taken in analysis["properties_ms"].items()]
    return [
        f"| over all {analysis['requests']:.2g} requests | time |",
        "|---|---|",
        *named,
        f"| {analysis['properties']} properties, the exact count, every idle rule | {analysis['whole_ms']} ms |",
        f"| the difference of two versions | {analysis['difference_ms']} ms |",
        f"| compile and check in a fresh process, imports included | {analysis['compile']['cold_ms']} ms |",
        f"| memory of a compiled statement | {analysis['compile']['mb']} MB |",
    ]


def main() -> None:
    run = json.loads(Path(sys.argv[1]).read_text())
    before, _, rest = PAGE.read_text().partition(_BEGIN)
    _, _, after = rest.partition(_END)
    PAGE.write_text(f"{before}{_BEGIN}\n{tables(run)}\n{_END}{after}")


if __name__ == "__main__":
    main()

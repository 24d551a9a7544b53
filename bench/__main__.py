"""`python -m bench [--full] [--out FILE]`: every row, correctness first; prints one JSON."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from bench import analysing, deciding, keeping, ledger, reads
from bench.probe import machine
from bench.world import installation

SMALL = {"people": 2_000, "clients": 8, "rounds": 3, "seconds": 3.0}
FULL = {"people": 10_000, "clients": 8, "rounds": 5, "seconds": 10.0}
DECIDING = {"requests": 1_000, "rows": 1_000_000, "people": 1_000_000, "lines": 200_000}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes that are quoted")
    parser.add_argument("--out", type=Path, help="also write the JSON here")
    wanted = parser.parse_args()
    inputs = FULL if wanted.full else SMALL
    rounds = int(inputs["rounds"])
    with installation(int(inputs["people"])):
        result = {
            "machine": machine(),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "inputs": inputs,
            "decide": deciding.run(rounds=rounds, **DECIDING),
            "analysis": analysing.run(rounds=rounds),
            "ledger": ledger.run(10_000_000 if wanted.full else 1_000_000),
            "keeping": keeping.run(100_000 if wanted.full else 20_000, 2_000, rounds),
            "reads": reads.run(int(inputs["clients"]), rounds, inputs["seconds"]),
        }
    text = json.dumps(result, indent=2)
    print(text)
    if wanted.out:
        wanted.out.write_text(text + "\n")


if __name__ == "__main__":
    main()

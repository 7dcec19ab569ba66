"""`python -m bench <what>`: one measurement, on this machine, printed and written as JSON."""

import argparse
import json
from pathlib import Path

from bench import (
    acceptance,
    audio,
    ceiling,
    everything,
    fairness,
    finishing,
    folding,
    gates,
    makespan,
    orchestration,
    peer,
    quota,
    scale,
    starting,
    ui,
    watchers,
    zipping,
)
from bench.chaos import storm

MEASUREMENTS = {
    "everything": everything,
    "acceptance": acceptance,
    "starting": starting,
    "peer": peer,
    "ceiling": ceiling,
    "fold": folding,
    "orchestration": orchestration,
    "chaos": storm,
    "fairness": fairness,
    "quota": quota,
    "watchers": watchers,
    "ui": ui,
    "finishing": finishing,
    "audio": audio,
    "gates": gates,
    "makespan": makespan,
    "scale": scale,
    "zip": zipping,
}
OUTPUT = Path("bench-output")


def main() -> None:
    """Run the measurement named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = parser.add_subparsers(dest="what", required=True)
    for name, measurement in MEASUREMENTS.items():
        measurement.arguments(names.add_parser(name, help=measurement.__doc__))
    asked = parser.parse_args()
    measurement = MEASUREMENTS[asked.what]
    result = measurement.measure(asked)
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / f"{asked.what}.json").write_text(json.dumps(result, indent=2) + "\n")
    measurement.show(result)


if __name__ == "__main__":
    main()

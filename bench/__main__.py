"""`python -m bench [--quick] [NAME ...]`: measure, write results/, exit 1 on a missed bound."""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.breach_risk import breach_risk_bench
from bench.business_time import business_time
from bench.catalogue import catalogue
from bench.causes import causes
from bench.conformance import conformance
from bench.control_charts import control_charts
from bench.delivery import delivery
from bench.detectors import detectors
from bench.expected_range import expected_range
from bench.flow_map import flow_map
from bench.forecast_alerts import forecast_alerts
from bench.imports import import_10m, import_uci
from bench.many_charts import many_charts
from bench.measuring import Result
from bench.pages import import_demo_1m, pages
from bench.renewal import renewal
from bench.sign_in import sign_in
from bench.truths import truths
from bench.watch import watch

BENCHMARKS: Mapping[str, Callable[[bool], Result]] = {
    "import_uci": import_uci,
    "flow_map": flow_map,
    "business_time": business_time,
    "truths": truths,
    "control_charts": control_charts,
    "import_10m": import_10m,
    "import_demo_1m": import_demo_1m,
    "pages": pages,
    "catalogue": catalogue,
    "renewal": renewal,
    "sign_in": sign_in,
    "many_charts": many_charts,
    "delivery": delivery,
    "expected_range": expected_range,
    "forecast_alerts": forecast_alerts,
    "breach_risk": breach_risk_bench,
    "watch": watch,
    "detectors": detectors,
    "causes": causes,
    "conformance": conformance,
}
RESULTS = Path(__file__).parent / "results"


def main() -> int:
    """Run the benchmarks asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="small sizes; bounds are not judged")
    asked = parser.parse_args()
    unknown = sorted(set(asked.names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there is {', '.join(BENCHMARKS)}")
    if len(asked.names) != 1:
        return max(_by_itself(name, asked.quick) for name in asked.names or BENCHMARKS)
    result = BENCHMARKS[asked.names[0]](asked.quick)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{result.name}.json").write_text(json.dumps(result.as_json(), indent=2))
    _tell(result)
    missed = any(not bound.held for bound in result.bounds)
    return 1 if missed and not asked.quick else 0


def _by_itself(name: str, quick: bool) -> int:
    """Run one benchmark in a process of its own.

    A program inherits the mark of the most memory held from the process that starts it, so another
    benchmark's data would be weighed with it.
    """
    options = ["--quick"] if quick else []
    return subprocess.call([sys.executable, "-m", "bench", *options, name])


def _tell(result: Result) -> None:
    print(f"\n{result.name}" + (f": skipped, {result.skipped}" if result.skipped else ""))
    for name, runs in result.seconds.items():
        print(f"  {name}: median {statistics.median(runs):.2f} s of {len(runs)}")
    for bound in result.bounds:
        print(f"  {bound.line()}")
    if result.notes:
        print(f"  {json.dumps(result.notes)}")


if __name__ == "__main__":
    sys.exit(main())

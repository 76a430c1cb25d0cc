"""One round of `opsgauge watch` on the demo desk, with a rule of every kind, told for real.

The round is timed as a program that is started, checks, looks for signals, asks each rule and sends
what fires to a receiver on this machine: first where nothing was asked of the records yet, then
again.
"""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.alerts.receiver import receiving
from tests.operations.alerting.conftest import channels

from bench.measuring import Bound, Result, opsgauge, output_and_weight, run_program
from bench.pages import make_demo
from opsgauge.foundation.alerting import KINDS

TICKETS, QUICK_TICKETS = 60_000, 4_000  # the demo desk, and a small one
SECONDS = 30.0
RULES = {
    "threshold": ("--metric", "backlog", "--above", "100", "--by", "team", "--period", "week"),
    "forecast": ("--metric", "backlog", "--above", "2000", "--ahead", "4", "--sure", "50%"),
    "signal": (),
    "target": (),
    "notice": (),
    "sla_risk": ("--hours", "24", "--by", "team"),
    "burn_rate": (),
    "check": (),
    "absence": ("--hours", "1"),
}
TOLD = (0, 1)  # exits: nothing was found; something was, and was told


def watch(quick: bool) -> Result:
    """Measure a first round and the one after it, and that what fired was told."""
    with tempfile.TemporaryDirectory() as folder, receiving() as receiver:
        workspace = Path(folder) / "desk"
        make_demo(workspace, QUICK_TICKETS if quick else TICKETS)
        with (workspace / "opsgauge.toml").open("a") as settings:
            settings.write('\nalerts_private_hosts = ["127.0.0.1"]\n')
        channels(workspace, f'ops = "{receiver.url}"\n')
        kinds = {_added(workspace, kind, options): kind for kind, options in RULES.items()}
        seconds = {name: [_round(workspace)] for name in ("first round", "round after it")}
        fired = {kinds[each["rule"]] for each in _told(workspace, "firings")["firings"]}
        letters = _told(workspace, "outbox")["messages"]
        waiting = [each for each in letters if each["state"] != "sent"]
        bounds = [Bound(f"{name}: seconds", took, SECONDS) for name, (took,) in seconds.items()]
        bounds += [
            Bound("kinds of rules asked", len(RULES), len(KINDS), at_least=True),
            Bound("messages that came", len(receiver.taken), 1, at_least=True),
            Bound("messages still on their way", len(waiting), 0),
        ]
        return Result("watch", seconds, bounds, {"fired": sorted(fired)})


def _added(workspace: Path, kind: str, options: tuple[str, ...]) -> int:
    why = ("--why", "measured", "--channel", "ops")
    rule = _told(workspace, "add", kind, "--name", kind, *options, *why)
    _told(workspace, "on", str(rule["number"]), *why)
    return int(rule["number"])


def _told(workspace: Path, *arguments: str) -> dict[str, Any]:
    asked = opsgauge("alerts", *arguments, "--workspace", str(workspace), "--format", "json")
    told: dict[str, Any] = json.loads(output_and_weight(asked)[0])
    return told


def _round(workspace: Path) -> float:
    start = time.perf_counter()
    run_program(opsgauge("watch", "--once", "--workspace", str(workspace)), TOLD)
    return time.perf_counter() - start

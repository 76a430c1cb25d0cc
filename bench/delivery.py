"""Alerts through kills of the server and a channel that is down: nothing lost, no key twice new.

`opsgauge serve` watches by its own schedule. A rule is switched on and fires in the server's
round, and the server is killed with SIGKILL at a random moment between the firing and the delivery;
another is started, fifty times. Then the receiver answers 500 for ten minutes while a server runs
on, and is killed once more on the way; then it runs until nothing waits. Every alert must have
come. One may have come twice only where a kill fell between its sending and its being noted: that
its letter was taken and not noted is looked up after each kill.

The variables BENCH_KILLS and BENCH_SECONDS_DOWN name other numbers than fifty and 600.
"""

import os
import random
import socket
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.alerts.receiver import Receiver, receiving
from tests.conftest import MAPPING, Intake
from tests.operations.alerting.conftest import RULE, channels, export

from bench.measuring import ROOT, Bound, Result, opsgauge
from opsgauge.governance.firings import firings
from opsgauge.governance.outbox import letters, waiting
from opsgauge.operations.alerting.drafting import add_rule, switch_on
from opsgauge.operations.context import Context

KILLS, QUICK_KILLS = 50, 2
DOWN, QUICK_DOWN = 600.0, 2.0  # seconds that the channel answers 500
LEASE = 2.0
WINDOW = 0.6  # seconds from the firing that is noted within which a kill falls
SLOW = 0.1  # seconds that the receiver takes to answer
PATIENCE = 120.0  # seconds until a server has to have done what is waited for
SETTINGS = f"""
watch_every = 0.01
alerts_private_hosts = ["127.0.0.1"]
alerts_lease = {LEASE}
alerts_retry = 0.5
alerts_retry_at_most = 20
"""


class Server:
    """A server that may be killed and started again."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._running: subprocess.Popen[bytes] | None = None
        self.seconds: list[float] = []  # from a start to the first firing that was noted

    def start(self) -> None:
        """Start it where nothing listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = opsgauge("serve", "--port", port, "--workspace", str(self._workspace))
        quiet = subprocess.DEVNULL
        self._running = subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=ROOT)

    def kill(self) -> bool:
        """Kill it with SIGKILL; say whether it ran."""
        if self._running is None:
            return False
        ran = self._running.poll() is None
        self._running.kill()
        self._running.wait()
        self._running = None
        return ran


@dataclass
class Ran:
    """What became of the alerts.

    Attributes
    ----------
    unnoted : keys that had come and were not noted as sent after a kill, and how often they had
    killed : servers that were running when they were killed
    between : kills that fell between a sending and its being noted
    """

    keys: list[str] = field(default_factory=list)
    unnoted: set[tuple[str, int]] = field(default_factory=set)
    killed: int = 0
    between: int = 0
    seconds_down: float = 0.0


def delivery(quick: bool) -> Result:
    """Kill servers and let the channel be down; count what came."""
    kills = int(os.environ.get("BENCH_KILLS", QUICK_KILLS if quick else KILLS))
    down = float(os.environ.get("BENCH_SECONDS_DOWN", QUICK_DOWN if quick else DOWN))
    with tempfile.TemporaryDirectory() as folder, receiving() as receiver:
        receiver.delay = SLOW
        intake = Intake(Path(folder), SETTINGS)
        intake.takes(export(), mapping=MAPPING + "practice: incident\n")
        channels(intake.workspace.path, f'ops = "{receiver.url}"\n')
        server = Server(intake.workspace.path)
        try:
            ran = _run(intake.context, receiver, server, (kills, down))
        finally:
            server.kill()
        intake.close()
    return _result(ran, receiver, server.seconds, kills)


def _run(ctx: Context, receiver: Receiver, server: Server, asked: tuple[int, float]) -> Ran:
    (kills, down), ran = asked, Ran()
    chance = random.Random(1)  # noqa: S311 - moments, no secrets
    for place in range(kills):
        rule = _rule(ctx, f"Rule {place}")
        server.seconds.append(_noted(ctx, server, rule))
        time.sleep(chance.uniform(0, WINDOW))
        ran.killed += server.kill()
        found = _taken_and_not_noted(ctx, receiver)
        ran.between += bool(found - ran.unnoted)
        ran.unnoted |= found
    ran.seconds_down = _while_down(ctx, receiver, server, down)
    _until_empty(ctx)
    ran.keys = [each.key for each in letters(ctx.database, 10 * kills + 100)]
    return ran


def _result(ran: Ran, receiver: Receiver, seconds: list[float], kills: int) -> Result:
    came = Counter(one.key for one in receiver.taken)
    allowed = Counter(key for key, _ in ran.unnoted)
    unsaid = [key for key, count in came.items() if count > 1 + allowed[key]]
    lost = [key for key in ran.keys if not came[key]]
    strange = [key for key in came if key not in ran.keys]
    return Result(
        "delivery",
        seconds={"from a server's start to a firing": seconds},
        bounds=[
            Bound("alerts that did not come", len(lost), 0),
            Bound("messages of an unknown key", len(strange), 0),
            Bound("messages come again though noted as sent", len(unsaid), 0),
            Bound("rules without a letter", kills + 1 - len(ran.keys), 0),
            Bound("servers that were not running when killed", kills - ran.killed, 0),
        ],
        notes={
            "servers killed": ran.killed,
            "kills between sending and noting": ran.between,
            "alerts": len(ran.keys),
            "came twice, under the same key": sum(count - 1 for count in came.values()),
            "seconds down": round(ran.seconds_down),
            "tries answered 500": len(receiver.came) - len(receiver.taken),
        },
    )


def _rule(ctx: Context, name: str) -> int:
    """Switch on a rule that fires; return its number."""
    rule = add_rule(ctx, replace(RULE, name=name))
    return switch_on(ctx, rule.number, "Go.").number


def _noted(ctx: Context, server: Server, rule: int) -> float:
    """Start a server and wait until its round has noted what fires; return how long that took."""
    begun = time.perf_counter()
    server.start()
    while not firings(ctx.database, rule):
        if time.perf_counter() - begun > PATIENCE:
            raise RuntimeError("The server has noted nothing.")
        time.sleep(0.005)
    return time.perf_counter() - begun


def _taken_and_not_noted(ctx: Context, receiver: Receiver) -> set[tuple[str, int]]:
    time.sleep(2 * SLOW)  # what was on its way to the receiver arrives
    unsent = {each.key for each in letters(ctx.database, 10_000, unsent=True)}
    counted = Counter(one.key for one in receiver.taken)
    return {(key, counted[key]) for key in unsent if counted[key]}


def _while_down(ctx: Context, receiver: Receiver, server: Server, seconds: float) -> float:
    """Let the channel answer 500 for so long, with a rule that fires; kill the server half-way."""
    receiver.status = 500
    start = time.perf_counter()
    _noted(ctx, server, _rule(ctx, "While down"))
    time.sleep(max(0.0, start + seconds / 2 - time.perf_counter()))
    server.kill()
    server.start()
    time.sleep(max(0.0, start + seconds - time.perf_counter()))
    receiver.status = 200
    return time.perf_counter() - start


def _until_empty(ctx: Context) -> None:
    begun = time.perf_counter()
    while waiting(ctx.database):
        if time.perf_counter() - begun > PATIENCE:
            return
        time.sleep(0.2)

"""Alerts through kills and a channel that is down: nothing lost, twice only under the same key.

A rule fires, and the round of watching that tells of it is killed at a random moment between its
firing and the delivery, fifty times. Then the receiver answers 500 for ten minutes, then rounds go
on until nothing waits. Every
alert must have come. One may have come twice only where a kill fell between its sending and its
being noted: that its letter was taken and not noted is looked up after each kill.

The rounds run in children of `tests.operations.alerting.nursery`.
"""

import random
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.alerts.receiver import Receiver, receiving
from tests.conftest import MAPPING, Intake
from tests.nurseries import Ask, nursery
from tests.operations.alerting import nursery as program
from tests.operations.alerting.conftest import RULE, channels, export

from bench.measuring import Bound, Result
from opsgauge.governance.outbox import letters, waiting
from opsgauge.operations.alerting.drafting import add_rule, switch_on
from opsgauge.operations.alerting.watching import watch
from opsgauge.operations.context import Context

KILLS, QUICK_KILLS = 50, 5
DOWN, QUICK_DOWN = 600.0, 2.0  # seconds that the channel answers 500
LEASE = 2.0
WINDOW = 0.6  # seconds from the first firing that is noted within which a kill falls
SLOW = 0.1  # seconds that the receiver takes to answer
SETTINGS = f"""
alerts_private_hosts = ["127.0.0.1"]
alerts_lease = {LEASE}
alerts_retry = 0.5
alerts_retry_at_most = 20
"""


def delivery(quick: bool) -> Result:
    """Kill rounds and let the channel be down; count what came."""
    kills, down = (QUICK_KILLS, QUICK_DOWN) if quick else (KILLS, DOWN)
    chance = random.Random(1)  # noqa: S311 - moments, no secrets
    with (
        tempfile.TemporaryDirectory() as folder,
        receiving() as receiver,
        nursery(Path(program.__file__)) as ask,
    ):
        receiver.delay = SLOW
        intake = Intake(Path(folder), SETTINGS)
        intake.takes(export(), mapping=MAPPING + "practice: incident\n")
        channels(intake.workspace.path, f'ops = "{receiver.url}"\n')
        whole = _fired(intake.context, ask)  # the first round opens all there is
        unnoted: set[tuple[str, int]] = set()  # a key, and how often it had come by then
        killed = 0
        for _ in range(kills):
            killed += _killed(intake.context, ask, chance.uniform(0, WINDOW))
            unnoted.update(_taken_and_not_noted(intake.context, receiver))
        lasted = _while_down(intake.context, receiver, down)
        _until_empty(intake.context)
        keys = [each.key for each in letters(intake.context.database, 10 * kills)]
        intake.close()
    came = Counter(one.key for one in receiver.taken)
    lost = [key for key in keys if not came[key]]
    strange = [key for key in came if key not in keys]
    allowed = Counter(key for key, _ in unnoted)
    unsaid = [key for key, count in came.items() if count > 1 + allowed[key]]
    twice = sum(count - 1 for count in came.values())
    return Result(
        "delivery",
        seconds={"a round": [whole]},
        bounds=[
            Bound("alerts that did not come", len(lost), 0),
            Bound("messages of an unknown key", len(strange), 0),
            Bound("messages come again though noted as sent", len(unsaid), 0),
            Bound("rules without a letter", kills + 2 - len(keys), 0),
        ],
        notes={
            "kills that hit a round": killed,
            "alerts": len(keys),
            "came twice, under the same key": twice,
            "seconds down": round(lasted),
            "tries answered 500": len(receiver.came) - len(receiver.taken),
        },
    )


def _fired(ctx: Context, ask: Ask, after: float | None = None) -> float:
    """Switch on a rule that fires and do a round; return how long it took."""
    rule = add_rule(ctx, replace(RULE, name=f"Rule at {time.perf_counter():.6f}"))
    switch_on(ctx, rule.number, "Go.")
    told = ask({"workspace": str(ctx.workspace.path), "at": None, "after": after})
    return float(told["seconds"]) if not told["killed"] else -1.0


def _killed(ctx: Context, ask: Ask, after: float) -> bool:
    return _fired(ctx, ask, after) < 0


def _taken_and_not_noted(ctx: Context, receiver: Receiver) -> list[tuple[str, int]]:
    time.sleep(2 * SLOW)  # what was on its way to the receiver arrives
    unsent = {each.key for each in letters(ctx.database, 10_000, unsent=True)}
    counted = Counter(one.key for one in receiver.taken)
    return [(key, counted[key]) for key in unsent if counted[key]]


def _while_down(ctx: Context, receiver: Receiver, seconds: float) -> float:
    """Let the channel answer 500 for so long, with a rule that fires meanwhile."""
    receiver.status = 500
    start = time.perf_counter()
    rule = add_rule(ctx, replace(RULE, name="While down"))
    switch_on(ctx, rule.number, "Go.")
    while time.perf_counter() - start < seconds:
        watch(ctx, wait=lambda _: None)
        time.sleep(0.5)
    receiver.status = 200
    return time.perf_counter() - start


def _until_empty(ctx: Context) -> None:
    for _ in range(1_000):
        watch(ctx, wait=lambda _: None)
        if not waiting(ctx.database):
            return
        time.sleep(0.2)

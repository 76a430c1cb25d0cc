"""Pages as they are for eight people at once, and what it takes to get there from nothing.

The demo's desk is made and imported, the server is started as a user starts it, and eight clients
ask for one page a second each: four of five for a metric, one of five for Home. Every request has
an address of its own (other days, now and then another filter), so that no answer to an earlier one
serves it; what belongs to the data version (its tables in memory, compiled shapes of questions,
checks) is there from before, as it is on any server that has run for a minute. A page's time counts
from the moment at which it was due, so that a slow page cannot hide the ones behind it.
"""

import http.client
import itertools
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench.measuring import ROOT, Bound, Result, opsgauge, run_program
from opsgauge.foundation.errors import ColumnsMissing
from opsgauge.foundation.settings import open_workspace
from opsgauge.metrics.metric import Metric
from opsgauge.operations.choices import values_of
from opsgauge.operations.context import Context
from opsgauge.operations.measure import must_have_columns

CLIENTS = 8
EACH = 1.0  # seconds between two pages of one client
HOME_EACH = 5  # one of so many pages is Home
FILTERED_EACH = 3  # one of so many pages is filtered
TICKETS, QUICK_TICKETS = 60_000, 3_000
MEASURED, QUICK_MEASURED = 60, 5  # seconds
MOST_WAITED = 120.0  # seconds for a server to say where it is
MAPS = 9  # of some tickets each
SETTLED = 15.0  # seconds after which a server has drawn what it draws ahead
FILTERED_BY = ("priority", "category", "team", "service")
ONE_WEEK = timedelta(weeks=1)


@dataclass
class Asked:
    """Addresses that were never asked for before."""

    metrics: list[str]
    filterable: list[str]  # those of records that have every column of the filters
    filters: list[str]
    first: date
    last: date
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311
    told: set[str] = field(default_factory=set)
    turn: Iterator[int] = field(default_factory=itertools.count)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> tuple[str, str]:
        """Return the kind of the next page, and its address."""
        with self.lock:
            turn = next(self.turn)
            kind = "home" if turn % HOME_EACH == 0 else "metric"
            while (address := self._address(kind, turn)) in self.told:
                pass
            self.told.add(address)
        return kind, address

    def _address(self, kind: str, turn: int) -> str:
        days = (self.last - self.first).days
        where: dict[str, str] = {}
        metrics = self.metrics
        if turn % FILTERED_EACH == 0:
            metrics, where = self.filterable, {"where": self.chance.choice(self.filters)}
        to = self.last - timedelta(days=self.chance.randrange(days // 3))
        if kind == "home":
            return f"/?{urlencode({'to': to, **where})}"
        begin = self.first + timedelta(days=self.chance.randrange(days // 3))
        return f"/metrics/{self.chance.choice(metrics)}?" + urlencode(
            {"from": begin, "to": to, **where}
        )


def pages(quick: bool) -> Result:
    """Make the demo's desk, start its server, and ask as eight people would."""
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-pages-"))
    try:
        seconds = {"demo": [make_demo(folder / "demo", QUICK_TICKETS if quick else TICKETS)]}
        with _server(folder / "demo") as (address, start):
            seconds |= {"start": [start], "first page": [_get(address, "/")]}
            seconds["map"] = [_get(address, "/map")]
            asked = _asked(folder / "demo")
            time.sleep(SETTLED)
            seconds["map of few"] = [
                _get(address, f"/map?{urlencode({'where': each})}") for each in asked.filters[:MAPS]
            ]
            _warm(address, asked)
            taken = _ask(address, asked, QUICK_MEASURED if quick else MEASURED)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds |= taken
    bounds = [
        Bound("the demo's desk made and imported, s", seconds["demo"][0], 60),
        Bound("first page after the server says where it is, ms", _ms(seconds["first page"]), 400),
        Bound("the process map, asked first, ms", _ms(seconds["map"]), 300),
        Bound("a map of some tickets nobody asked for, p50 ms", _ms(seconds["map of few"]), 300),
        Bound("a metric's page, p50 ms", _ms(taken["metric"], 50), 100),
        Bound("a metric's page, p95 ms", _ms(taken["metric"], 95), 250),
        Bound("Home, p95 ms", _ms(taken["home"], 95), 400),
    ]
    notes = {
        "clients": CLIENTS,
        "pages": {kind: len(times) for kind, times in taken.items()},
        "home p50 ms": round(_ms(taken["home"], 50)),
        "slowest ms": round(max(map(max, taken.values())) * 1000),
    }
    return Result("pages", seconds, bounds, notes)


def import_demo_1m(quick: bool) -> Result:
    """Make and import a desk of a million tickets: under five minutes."""
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-million-"))
    tickets = 30_000 if quick else 1_000_000
    try:
        seconds = make_demo(folder / "demo", tickets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bound = Bound("a desk of a million tickets made and imported, s", seconds, 300)
    return Result("import_demo_1m", {"demo": [seconds]}, [bound], {"tickets": tickets})


def make_demo(where: Path, tickets: int) -> float:
    """Make and import the demo's desk as a user does; return the seconds."""
    run_program([sys.executable, "-m", "compileall", "-q", str(ROOT / "src")])
    start = time.perf_counter()
    run_program(
        opsgauge("demo", "--workspace", str(where), "--tickets", str(tickets), "--no-serve")
    )
    return time.perf_counter() - start


@contextmanager
def _server(workspace: Path) -> Iterator[tuple[str, float]]:
    """Start the server as a user does; yield its address and how long it took to say it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        opsgauge("serve", "--workspace", str(workspace), "--port", str(port)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        said = server.stdout.readline() if server.stdout else ""
        if str(port) not in said:
            raise RuntimeError(f"the server said {said!r}")
        yield f"127.0.0.1:{port}", time.perf_counter() - start
    finally:
        server.terminate()
        server.wait(MOST_WAITED)


def _asked(workspace: Path) -> Asked:
    """Return what can be asked of a workspace."""
    ctx = Context(open_workspace(workspace))
    opened = ctx.opened()
    first, last = (opened.periods.date_of(at) for at in (opened.periods.first, opened.watermark))
    filters = [
        f"{name}={each.value}"
        for name in FILTERED_BY
        for each in values_of(ctx, name)
        if each.value
    ]
    there = [metric for metric in ctx.catalogue if is_there(ctx, metric)]
    every = [metric.name for metric in there if all(map(metric.may_split, FILTERED_BY))]
    return Asked([metric.name for metric in there], every, filters, first + ONE_WEEK, last)


def is_there(ctx: Context, metric: Metric) -> bool:
    """Say whether the records hold what the metric needs: a page without numbers is no measure."""
    try:
        must_have_columns(ctx, metric)
    except ColumnsMissing:
        return False
    return True


def _warm(address: str, asked: Asked) -> None:
    """Open every metric's page twice, without and with a filter, for days nobody asks for again."""
    for metric, filtered in itertools.product(asked.metrics, (False, True)):
        if filtered and metric not in asked.filterable:
            continue
        where = {"where": asked.filters[0]} if filtered else {}
        days = {"from": asked.first - timedelta(days=1), "to": asked.last}
        _get(address, f"/metrics/{metric}?{urlencode({**days, **where})}")


def _get(address: str, path: str) -> float:
    """Ask for one page; return the seconds it took."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection(address, timeout=MOST_WAITED)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
    return time.perf_counter() - start


def _ask(address: str, asked: Asked, seconds: int) -> dict[str, list[float]]:
    """Let all clients ask for so long; return the seconds of each page by kind."""
    taken: dict[str, list[float]] = {"metric": [], "home": []}
    wrong: list[Exception] = []
    begin = time.perf_counter() + 0.1

    def client(place: int) -> None:
        for n in range(seconds):
            due = begin + (n + place / CLIENTS) * EACH
            time.sleep(max(0.0, due - time.perf_counter()))
            kind, path = asked.next()
            try:
                _get(address, path)
            except (OSError, RuntimeError) as fault:
                wrong.append(fault)
                return
            taken[kind].append(time.perf_counter() - due)

    threads = [threading.Thread(target=client, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return taken


def _ms(seconds: list[float], percentile: int = 50) -> float:
    """Return a percentile in milliseconds."""
    if len(seconds) == 1:
        return seconds[0] * 1000
    return statistics.quantiles(seconds, n=100, method="inclusive")[percentile - 1] * 1000

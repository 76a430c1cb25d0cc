"""Command line and API give the published numbers of the public logs, to the same last digit."""

import json
import sys
from collections import Counter
from typing import Any

import pytest
from fastapi.testclient import TestClient

from opsgauge.cli import app
from opsgauge.cli.exits import run
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake

UCI = "source=uci_incidents"
BPI = "source=bpic2013"
Ask = tuple[str, dict[str, Any]]  # a verb with its object, and options

# name, question, where the number stands in the answer, the number
NUMBERS: list[tuple[str, Ask, str, Any]] = [
    ("tickets", ("measure/tickets_opened", {"where": UCI}), "value", 24_918),
    ("closed", ("measure/tickets_closed", {"where": UCI}), "value", 24_918),
    ("resolved", ("measure/tickets_resolved", {"where": UCI}), "value", 23_362),
    ("median", ("measure/time_to_resolve", {"where": UCI}), "value", 22.1),
    ("n", ("measure/time_to_resolve", {"where": UCI}), "n", 23_362),
    ("p90", ("measure/time_to_resolve", {"where": UCI, "statistic": "p90"}), "value", 381.548),
    ("mean", ("measure/time_to_resolve", {"where": UCI, "statistic": "mean"}), "value", 178.172),
    ("sla", ("measure/sla_met_share", {"where": UCI}), "numerator", 15_803),
    ("sla share", ("measure/sla_met_share", {"where": UCI}), "value", 0.6342),
    ("reopened", ("measure/reopened_share", {"where": UCI}), "numerator", 275),
    ("reassigned", ("measure/reassigned_share", {"where": UCI}), "numerator", 11_369),
    ("handoffs", ("measure/handoffs_per_ticket", {"where": UCI}), "value", 0.940),
    ("cases", ("measure/tickets_opened", {"where": BPI}), "value", 7_554),
    ("bpi handoffs", ("measure/handoffs_per_ticket", {"where": BPI}), "value", 1.2515),
    ("bpi handed over", ("measure/reassigned_share", {"where": BPI}), "numerator", 3_820),
]
BY_PRIORITY = {
    "1 - Critical": (270, 80.24, 616.44),
    "2 - High": (408, 38.23, 381.57),
    "3 - Moderate": (22_010, 21.55, 374.61),
    "4 - Low": (674, 5.017, 502.30),
}
OPENED = {"2016-02": 207, "2016-03": 8_995, "2016-04": 7_934, "2016-05": 7_508}


class Asker:
    """Asks the command line and the API the same, and holds them to the same answer."""

    def __init__(
        self, logs: Intake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self._logs, self._monkeypatch, self._capsys = logs, monkeypatch, capsys
        context = Context(logs.context.workspace, readers=READERS)
        self._client = TestClient(make_app(context), base_url="http://127.0.0.1")

    def ask(self, what: str, **options: str) -> Any:
        """Return the answer to `verb/object` with options, of both."""
        options = {name.rstrip("_"): value for name, value in options.items()}
        answer = self._client.get(f"/api/v1/{what}", params=options)
        assert answer.status_code == 200, answer.text
        arguments = [*VERBS.get(what, what).split("/"), "--format", "json"]
        for name, value in options.items():
            arguments += [f"--{name.replace('_', '-')}", value]
        folder = str(self._logs.context.workspace.path)
        self._monkeypatch.setattr(sys, "argv", ["opsgauge", *arguments, "--workspace", folder])
        self._capsys.readouterr()
        code = run(app._program)
        told = self._capsys.readouterr()
        assert code in (0, 1), told.err
        assert json.loads(told.out) == answer.json()
        return answer.json()


QUEUE_TO_WORK = {"way_from": "Queued/Awaiting Assignment", "way_to": "Accepted/In Progress"}
READERS = Readers(remember=True)
VERBS = {
    "checks": "check",
    "map/compare": "compare-maps",
    "map/spectrum": "spectrum",
}  # addresses that a verb is not named after


@pytest.fixture
def asker(
    public_logs: Intake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Asker:
    """Return what asks command line and API."""
    return Asker(public_logs, monkeypatch, capsys)


@pytest.mark.row("CAT-03")
@pytest.mark.parametrize(("name", "ask", "where", "number"), NUMBERS, ids=[n[0] for n in NUMBERS])
def test_a_published_number(asker: Asker, name: str, ask: Ask, where: str, number: Any) -> None:
    """From the command line and from the API alike."""
    [row] = asker.ask(ask[0], **ask[1])["rows"]

    assert row[where] == pytest.approx(number, rel=5e-4)


@pytest.mark.row("CAT-07")
def test_hours_by_priority(asker: Asker) -> None:
    """n, median and 90th percentile of each priority."""
    median = asker.ask("measure/time_to_resolve", where=UCI, by="priority")["rows"]
    p90 = asker.ask("measure/time_to_resolve", where=UCI, by="priority", statistic="p90")["rows"]

    told = {
        one["by"]["priority"]: (one["n"], one["value"], other["value"])
        for one, other in zip(median, p90, strict=True)
    }
    assert told.keys() == BY_PRIORITY.keys()
    for priority, numbers in BY_PRIORITY.items():
        assert told[priority] == pytest.approx(numbers, rel=1e-3)


def test_tickets_opened_each_month(asker: Asker) -> None:
    """Only March to May carries a series; each later month opens a few."""
    rows = asker.ask("measure/tickets_opened", where=UCI, period="month")["rows"]

    told = {row["period"]: row["value"] for row in rows}
    assert {month: told[month] for month in OPENED} == OPENED
    assert all(5 <= value <= 94 for month, value in told.items() if "2016-05" < month < "2017-02")


def test_channel(asker: Asker) -> None:
    """Nearly all came by phone."""
    rows = asker.ask("measure/tickets_opened", where=UCI, by="channel")["rows"]

    assert {row["by"]["channel"]: row["n"] for row in rows}["Phone"] == 24_688


@pytest.mark.row("CAT-06")
def test_a_share_carries_its_parts_and_a_wilson_interval(asker: Asker) -> None:
    """15,803 of 24,918, with the interval computed here by the textbook's formula."""
    [row] = asker.ask("measure/sla_met_share", where=UCI)["rows"]

    hits, n, z = 15_803, 24_918, 1.959963984540054
    p, slack = hits / n, z * z / n
    middle = (p + slack / 2) / (1 + slack)
    reach = z / (1 + slack) * (p * (1 - p) / n + slack / (4 * n)) ** 0.5
    assert (row["numerator"], row["denominator"], row["n"]) == (hits, n, n)
    assert (row["low"], row["high"]) == pytest.approx((middle - reach, middle + reach))


def test_states_and_steps(asker: Asker) -> None:
    """Every state as often as the file has it."""
    nodes = asker.ask("map", steps="original_status", where=UCI)["nodes"]

    assert {node["id"]: node["count"] for node in nodes} == {
        "Active": 38_716,
        "New": 36_407,
        "Resolved": 25_751,
        "Closed": 24_985,
        "Awaiting User Info": 14_642,
        "Awaiting Vendor": 707,
        "Awaiting Problem": 461,
        "Awaiting Evidence": 38,
        "-100": 5,
    }


def test_followings_and_waits(asker: Asker) -> None:
    """The three most frequent ways of BPI 2013, and where it waits for the user."""
    answer = asker.ask("map", steps="original_status", where=BPI)

    first = [(arc["from"], arc["to"], arc["count"]) for arc in answer["arcs"][:3]]
    assert first == [
        ("Queued/Awaiting Assignment", "Accepted/In Progress", 10_700),
        ("Accepted/In Progress", "Queued/Awaiting Assignment", 8_458),
        ("Accepted/In Progress", "Accepted/In Progress", 7_293),
    ]
    [waits] = [node for node in answer["nodes"] if node["id"] == "Accepted/Wait - User"]
    assert (waits["count"], waits["tickets"]) == (4_217, 2_495)


@pytest.mark.row("MAP-01")
@pytest.mark.row("MAP-02")
@pytest.mark.parametrize("steps", ["team", "priority", "original_status+team"])
def test_every_update_is_on_every_map(asker: Asker, steps: str) -> None:
    """65,533 updates of 7,554 cases, whatever a step is; in = out + end for each step."""
    answer = asker.ask("map", steps=steps, where=BPI)
    into, out = Counter[str](), Counter[str]()
    for arc in answer["arcs"]:
        out[arc["from"]] += arc["count"]
        into[arc["to"]] += arc["count"]

    assert sum(node["count"] for node in answer["nodes"]) == 65_533
    assert sum(node["starts"] for node in answer["nodes"]) == 7_554
    assert sum(out.values()) == 65_533 - 7_554
    for node in answer["nodes"]:
        assert node["starts"] + into[node["id"]] == node["count"] == node["ends"] + out[node["id"]]


@pytest.mark.row("MAP-11")
@pytest.mark.row("MAP-12")
def test_two_maps_and_a_way_over_time_are_told_alike(asker: Asker) -> None:
    """Two halves of a year held against each other; and the way from queue to work."""
    compared = asker.ask(
        "map/compare",
        steps="original_status",
        where=BPI,
        from_="2012-05-01",
        to="2012-05-10",
        against_from="2012-04-20",
        against_to="2012-04-30",
    )
    spectrum = asker.ask("map/spectrum", steps="original_status", where=BPI, **QUEUE_TO_WORK)

    assert compared["one"]["tickets"] > 0 < compared["other"]["tickets"]
    assert spectrum["passages"] == 10_700


@pytest.mark.parametrize(("steps", "number"), [("activity", 1_511), ("original_status", 2_278)])
def test_variants(asker: Asker, steps: str, number: int) -> None:
    """As many paths as were counted apart, and the same lengths of cases."""
    answer = asker.ask("variants", steps=steps, where=BPI)

    assert (answer["variants"], answer["tickets"]) == (number, 7_554)
    days = {name: value / 86_400 for name, value in answer["case_seconds"].items()}
    assert days == pytest.approx({"mean": 12.079, "median": 7.549, "p90": 22.556}, rel=1e-4)
    assert sum(row["count"] for row in answer["rows"]) <= 7_554


def test_checks_are_the_same(asker: Asker) -> None:
    """Nothing was rejected; five words are unknown."""
    answer = asker.ask("checks")

    told = {each["id"]: each for each in answer["checks"]}
    assert answer["rejected"] == 0
    assert told["unmapped_words"]["count"] == 5

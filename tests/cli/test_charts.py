"""The chart one asks for: kind, rules and phases, by command and by address."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from opsgauge.web.app import make_app
from tests.cli.conftest import Run
from tests.conftest import Intake

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
BEFORE = [11, 9, 10, 12, 9, 11, 10, 8, 10, 11]  # tickets opened a week
AFTER = [30, 26, 28, 31, 27, 29, 30, 26, 28, 29]
CHANGED = MONDAY + timedelta(weeks=len(BEFORE), days=2)  # a Wednesday


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Make a desk that gets about ten tickets a week, and after a change about thirty."""
    held = Intake(tmp_path_factory.mktemp("charts"))
    rows = [
        f"T{week}-{n},{MONDAY + timedelta(weeks=week, minutes=7 * n):%Y-%m-%dT%H:%MZ},New,Desk,ann"
        for week, count in enumerate([*BEFORE, *AFTER, 1])
        for n in range(count)
    ]
    held.takes("\n".join(["number,at,state,team,who", *rows]))
    yield held
    held.close()


@pytest.fixture(scope="module")
def client(desk: Intake) -> TestClient:
    """Return a visitor of its API."""
    return TestClient(make_app(desk.context), base_url="http://localhost")


def asked(desk: Intake, opsgauge: Run, *options: str) -> Any:
    """Return the chart of the tickets opened, as JSON."""
    return opsgauge(
        "chart", "tickets_opened", "--workspace", desk.workspace.path, "--format", "json", *options
    ).json


def test_a_chart_is_as_it_was_where_nobody_asks(desk: Intake, opsgauge: Run) -> None:
    """XmR, Making Data Count, one phase; the limits of each point are those of all."""
    plain = asked(desk, opsgauge)

    assert (plain["chart"], plain["rules"], plain["why"]) == ("xmr", "making_data_count", "")
    (phase,) = plain["phases"]
    assert phase["limits_from"] == 20
    points = plain["points"]
    assert {p["upper"] for p in points} == {plain["upper"]}
    assert plain["false_alarms"] == pytest.approx(0.118)  # as was measured, of 20 points


@pytest.mark.row("SPC-05")
def test_limits_begin_anew_with_the_week_of_a_change(desk: Intake, opsgauge: Run) -> None:
    """Nothing is a signal any more: both levels are calm."""
    plain = asked(desk, opsgauge, "--rebase", f"{CHANGED:%Y-%m-%d}")

    first, second = plain["phases"]
    assert (first["centre"], second["centre"]) == (10.1, 28.4)
    assert second["first"] == "2026-W12"
    assert second["why"] == f"rebased on {CHANGED:%Y-%m-%d}"
    assert plain["centre"] == 28.4
    assert not any(point["signals"] for point in plain["points"])


@pytest.mark.row("SPC-05")
def test_limits_are_frozen_on_the_first_periods(desk: Intake, opsgauge: Run) -> None:
    """Every later week lies above them."""
    plain = asked(desk, opsgauge, "--freeze", "10", "--rules", "limits-only")

    assert plain["centre"] == 10.1
    assert [bool(point["signals"]) for point in plain["points"]] == (
        [False] * 10 + [True] * 10 + [False]
    )


@pytest.mark.row("SPC-01")
def test_a_chart_can_be_left_to_the_numbers(desk: Intake, opsgauge: Run) -> None:
    """Ten a week, by chance alone as it seems: the reason is said in the table too."""
    plain = asked(desk, opsgauge, "--chart", "auto", "--rebase", f"{CHANGED:%Y-%m-%d}")
    table = opsgauge(
        *("chart", "tickets_opened", "--workspace", desk.workspace.path),
        *("--chart", "auto", "--rebase", f"{CHANGED:%Y-%m-%d}"),
    )

    assert plain["chart"] == "xmr"
    assert "under 0.7" in plain["why"]
    assert plain["why"] in table.out
    assert "The limits come from 10 periods" in table.out
    assert "By the Making Data Count rules 4\u202f% of calm charts of 10 weeks" in table.out


def test_a_run_chart_has_no_limits(desk: Intake, opsgauge: Run) -> None:
    """JSON knows no endless numbers."""
    plain = asked(desk, opsgauge, "--chart", "run")

    assert (plain["rules"], plain["lower"], plain["upper"]) == ("anhoej", None, None)
    table = opsgauge(
        "chart", "tickets_opened", "--workspace", desk.workspace.path, "--chart", "run"
    )
    assert "no limits." in table.out
    assert table.code == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--chart", "xmmr"), "no kind of chart 'xmmr'. Did you mean 'xmr'"),
        (("--rules", "nelsn"), "no rule set 'nelsn'. Did you mean 'nelson'"),
        (("--rebase", "2026-13-01"), "rebase '2026-13-01' is no date. Write it as 2026-01-31."),
        (("--rebase", "2020-01-01"), "No period of the chart holds 2020-01-01"),
        (("--freeze", "3"), "Limits need 8 periods or more; the first 3 hold 3"),
        (("--chart", "ewma", "--rules", "nelson"), "lean on each other"),
        (("--chart", "xbar"), "needs the spread within each period"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why(
    desk: Intake, opsgauge: Run, options: tuple[str, ...], said: str
) -> None:
    """What is wrong, and what to write instead."""
    done = opsgauge("chart", "tickets_opened", "--workspace", desk.workspace.path, *options)

    assert done.code == 2
    assert said in " ".join(done.err.split())


def test_the_address_asks_the_same(desk: Intake, opsgauge: Run, client: TestClient) -> None:
    """And a slip is refused with the same words."""
    day = f"{CHANGED:%Y-%m-%d}"
    path = "/api/v1/chart/tickets_opened"

    found = client.get(f"{path}?chart=laney-u&rules=nelson&freeze=9&rebase={day}")
    wrong = client.get(f"{path}?chart=lanney_u")

    options = ("--chart", "laney-u", "--rules", "nelson", "--freeze", "9", "--rebase", day)
    assert found.json() == asked(desk, opsgauge, *options)
    assert wrong.status_code == 400
    assert "Did you mean 'laney_u'" in wrong.text


def test_a_folder_without_a_workspace_is_told(opsgauge: Run, tmp_path: Path) -> None:
    """Whatever chart is asked for."""
    assert opsgauge("chart", "backlog", "--workspace", tmp_path, "--chart", "auto").code == 2


@pytest.mark.row("SPC-02")
def test_the_false_alarms_are_those_of_the_rules_and_of_so_many_points(
    desk: Intake, opsgauge: Run
) -> None:
    """Of twenty weeks, as they were measured: Nelson's rules cry more often than KPI Signals."""
    told = {rules: asked(desk, opsgauge, "--rules", rules) for rules in ("nelson", "kpi-signals")}

    assert told["nelson"]["false_alarms"] == pytest.approx(0.149)
    assert told["kpi-signals"]["false_alarms"] == pytest.approx(0.1)
    about = told["nelson"]["about"]
    assert any("By the Nelson rules 15\u202f% of calm charts of 20 weeks" in each for each in about)


@pytest.mark.row("SPC-01")
def test_the_kind_that_suits_is_named_where_another_is_drawn(desk: Intake, opsgauge: Run) -> None:
    """Ten tickets a week and then thirty are no chance: of all twenty weeks an XmR chart suits."""
    plain = asked(desk, opsgauge, "--chart", "c")

    assert plain["chart"] == "c"
    assert plain["suited"]["chart"] == "xmr"
    table = opsgauge("chart", "tickets_opened", "--workspace", desk.workspace.path, "--chart", "c")
    assert f"{plain['suited']['why']} See --chart xmr." in table.out

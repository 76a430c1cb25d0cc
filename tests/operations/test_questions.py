"""Questions as people ask them: set against other periods, grouped, and with small numbers gone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from opsgauge.foundation.errors import GroupingWrong, QueryWrong, SettingsWrong, UnknownColumn
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.asking import Asked
from opsgauge.operations.context import Context
from opsgauge.operations.measure import chart, explain, measure, tickets_behind
from tests.conftest import Intake

HEADER = "number,at,state,team,who\n"
LEVELS = "dimension: team\nlevels:\n  department:\n    Front: [Desk]\n    Back: [Network, Server]\n"


def lines() -> Iterator[str]:
    """Yield a log: January, February and half of March, most of it the desk's."""
    counts = {"01": (20, 8, 1), "02": (30, 6, 2), "03": (12, 7, 3)}
    number = 0
    for month, teams in counts.items():
        for team, count in zip(("Desk", "Network", "Server"), teams, strict=True):
            for place in range(count):
                number += 1
                day = 1 + place % 14
                yield f"T{number},2026-{month}-{day:02}T08:00:00Z,New,{team},ann\n"
                yield f"T{number},2026-{month}-{day:02}T{9 + place % 3:02}:00:00Z,Done,{team},ann\n"
    yield "T999,2026-03-15T12:00:00Z,New,Desk,ann\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import the log once; one hierarchy."""
    held = Intake(tmp_path_factory.mktemp("questions"))
    held.takes(HEADER + "".join(lines()))
    (held.workspace.path / "hierarchies").mkdir(exist_ok=True)
    (held.workspace.path / "hierarchies" / "organisation.yaml").write_text(LEVELS)
    yield held
    held.close()


@pytest.fixture(scope="module")
def careful(desk: Intake) -> Context:
    """Return the same workspace with small numbers withheld."""
    settings = desk.workspace.settings.model_copy(update={"suppress_below": 5})
    return Context(replace(desk.workspace, settings=settings))


def rows(ctx: Context, metric: str = "tickets_opened", **asked: Any) -> list[dict[str, Any]]:
    """Return the published rows of an answer."""
    question = Asked(**asked).question(metric, ctx.workspace.zone)
    told: list[dict[str, Any]] = measure(ctx, question).as_json()["rows"]
    return told


@pytest.mark.row("CAT-10")
def test_values_stand_beside_those_before(desk: Intake) -> None:
    """With difference and change; a month that is not over has neither, and says so."""
    jan, feb, mar = rows(desk.context, period="month", shift="previous")

    assert (jan["value"], jan["shifted"], jan["difference"], jan["change"]) == (
        29,
        None,
        None,
        None,
    )
    assert (feb["value"], feb["shifted_period"], feb["shifted"], feb["shifted_n"]) == (
        *(38, "2026-01", 29, 29),
    )
    assert feb["difference"] == 9
    assert feb["change"] == pytest.approx(9 / 29)
    assert (mar["complete"], mar["shifted"], mar["difference"]) == (False, 38, None)


@pytest.mark.row("CAT-10")
def test_a_month_to_date_is_fairly_compared(desk: Intake) -> None:
    """Up to the noon of the 15th, both."""
    [mar] = rows(desk.context, period="month", to_date=True, shift="previous")

    assert (mar["value"], mar["shifted"], mar["complete"]) == (23, 38, True)
    assert mar["difference"] == -15


def test_a_change_from_nought_is_not_told(desk: Intake) -> None:
    """Nothing is divided by zero."""
    found = rows(desk.context, period="day", shift="previous", from_="2026-02-01", to="2026-02-02")

    assert [(r["shifted"], r["difference"], r["change"]) for r in found] == [
        (0, 5, None),
        (5, 0, 0),
    ]


def test_a_group_that_is_gone_stands_beside_what_it_was(desk: Intake) -> None:
    """A row without a value, so that what was lost is seen."""
    found = rows(
        desk.context,
        "time_to_resolve",
        period="day",
        by=("team",),
        shift="previous",
        from_="2026-02-03",
        to="2026-02-03",
    )
    server = next(r for r in found if r["by"]["team"] == "Server")

    assert (server["n"], server["value"], server["shifted_n"], server["difference"]) == (
        0,
        None,
        1,
        None,
    )


@pytest.mark.row("CAT-11")
def test_a_workspace_has_its_own_groups(desk: Intake) -> None:
    """By level, also as a filter; the tickets behind are as many."""
    found = rows(desk.context, by=("team.department",))
    assert {r["by"]["team.department"]: r["n"] for r in found} == {"Front": 63, "Back": 27}
    [back] = rows(desk.context, where=("team.department=Back",))
    assert back["n"] == 27
    question = Asked(by=("team.department",)).question("tickets_opened", desk.workspace.zone)
    listed = tickets_behind(desk.context, question, {"period": "all", "team.department": "Back"})
    assert listed.total == 27
    assert "CASE" in explain(desk.context, question).sql


@pytest.mark.row("CAT-11")
def test_a_move_counts_from_its_day_on_everywhere(desk: Intake) -> None:
    """Numbers, a note, the tickets behind, and SQL that says when; other dates ask of the same."""
    file = desk.workspace.path / "hierarchies" / "moving.yaml"
    file.write_text(
        "dimension: team\nlevels:\n  unit:\n    One: [Desk, Network]\n    Two: [Server]\n"
        "changes:\n  - {from: 2026-02-01, level: unit, move: {Desk: Two}}\n"
    )
    try:
        found = rows(desk.context, by=("team.unit",), period="month")
        teams = rows(desk.context, by=("team",), period="month")
        n = {(r["period"], r["by"]["team"]): r["n"] for r in teams}
        own = {(r["period"], r["by"]["team.unit"]): r["n"] for r in found}
        for month in ("2026-01", "2026-02", "2026-03"):
            desk_in = "One" if month == "2026-01" else "Two"
            for unit, team in (("One", "Network"), ("Two", "Server")):
                assert own[month, unit] == n[month, team] + (unit == desk_in) * n[month, "Desk"]
        early = rows(desk.context, by=("team.unit",), period="month", to="2026-01-31")
        assert {r["by"]["team.unit"]: r["n"] for r in early} == {
            name: own["2026-01", name] for name in ("One", "Two")
        }
        question = Asked(by=("team.unit",), period="month")
        told = question.question("tickets_opened", desk.workspace.zone)
        row = {"period": "2026-02", "team.unit": "Two"}
        assert tickets_behind(desk.context, told, row).total == own["2026-02", "Two"]
        assert any("changed on 2026-02-01" in c for c in measure(desk.context, told).caveats)
        then = rows(desk.context, by=("team_then.unit",), period="month")
        assert sum(r["n"] for r in then) == sum(own.values())
    finally:
        file.unlink()


def test_a_name_that_is_not_there_has_a_nearest(desk: Intake) -> None:
    """Among those that the workspace defines too."""
    with pytest.raises(UnknownColumn, match=r"Did you mean 'team\.department'"):
        rows(desk.context, by=("team.departmnt",))


def test_a_file_that_does_not_fit_is_said_when_it_is_needed(desk: Intake) -> None:
    """And no number comes of it."""
    file = desk.workspace.path / "bands" / "wrong.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("slow: {kind: tme}")
    try:
        with pytest.raises(GroupingWrong, match=r"bands/wrong\.yaml"):
            rows(desk.context, by=("slow",))
        assert rows(desk.context, by=("team",))
    finally:
        file.unlink()


def test_windows_do_not_make_a_control_chart(desk: Intake) -> None:
    """They overlap, so their limits would be far too narrow."""
    question = Asked(period="week", rolling="28d").question("tickets_opened", desk.workspace.zone)
    with pytest.raises(QueryWrong, match="do not overlap"):
        chart(desk.context, question)


def test_missing_windows_are_told(desk: Intake) -> None:
    """How many, and why."""
    question = Asked(period="month", rolling="28d").question("tickets_opened", desk.workspace.zone)
    longer = replace(question, period="week")

    assert len(measure(desk.context, question).rows) == 3
    assert len(measure(desk.context, longer).rows) == 7
    [caveat] = [c for c in measure(desk.context, longer).caveats if "left out" in c]
    assert "4 values are left out: the window of 28 days begins before" in caveat


@pytest.mark.row("CAT-06")
def test_small_numbers_are_withheld_with_what_gives_them_away(careful: Context) -> None:
    """Of 63, 21 and 6 none; by month the server's, and of each month the next smallest."""
    whole = rows(careful, by=("team",))
    assert not any(row["suppressed"] for row in whole)
    found = rows(careful, by=("team",), period="month")
    gone = [(r["period"], r["by"]["team"]) for r in found if r["suppressed"]]

    assert {(m, "Server") for m in ("2026-01", "2026-02", "2026-03")} < set(gone)
    assert {period for period, team in gone if team == "Network"} == {
        "2026-01",
        "2026-02",
        "2026-03",
    }
    for row in found:
        if row["suppressed"]:
            assert [row[k] for k in ("n", "value", "low", "high")] == [None] * 4


def test_withheld_shares_have_no_parts(careful: Context) -> None:
    """Neither numerator nor denominator."""
    found = rows(careful, "reopened_share", by=("team",), period="month")
    gone = next(r for r in found if r["suppressed"])

    assert (gone["numerator"], gone["denominator"], gone["value"]) == (None, None, None)


@pytest.mark.row("CAT-06")
def test_a_withheld_number_is_not_told_beside_another(careful: Context) -> None:
    """What one month withholds, the next does not show as its shifted value."""
    found = rows(careful, by=("team",), period="month", shift="previous")
    gone = {(r["period"], r["by"]["team"]) for r in found if r["suppressed"]}
    assert gone
    for row in found:
        if (row["shifted_period"], row["by"]["team"]) in gone:
            assert [row[k] for k in ("shifted", "shifted_n", "difference", "change")] == [None] * 4


@pytest.mark.row("CAT-06")
def test_lists_behind_withheld_numbers_are_withheld(careful: Context) -> None:
    """Also of one that was large enough but would give another away."""
    question = Asked(by=("team",), period="month").question(
        "tickets_opened", careful.workspace.zone
    )
    for team in ("Server", "Network"):
        with pytest.raises(QueryWrong, match="withheld"):
            tickets_behind(careful, question, {"period": "2026-02", "team": team})
    assert tickets_behind(careful, question, {"period": "2026-02", "team": "Desk"}).total == 30


def test_the_setting_is_a_number_from_one(desk: Intake) -> None:
    """Anything else is refused with the key."""
    file = desk.workspace.path / "opsgauge.toml"
    kept = file.read_text()
    file.write_text("suppress_below = 0\n")
    try:
        with pytest.raises(SettingsWrong, match="suppress_below"):
            open_workspace(desk.workspace.path)
    finally:
        file.write_text(kept)

"""Baselines in the records: frozen, signed by two, superseded, with their audit lines."""

from dataclasses import replace

import pytest

from opsgauge.foundation.agreed import Condition, Series
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.baselines import (
    Baseline,
    Voice,
    baseline_of,
    baselines,
    freeze,
    object_to,
    sign,
)
from opsgauge.governance.database import Database
from opsgauge.governance.phases import agreed_phases
from opsgauge.governance.rebases import ExcludedPoint, Rebase, exclude_point, keep_rebase
from tests.governance.conftest import ANA

BO = everywhere("bo", "viewer")
SERIES = Series("time_to_resolve", "median", (Condition("priority", ("1", "2")),), "week")
NUMBERS = {
    "centre": 5.0,
    "lower": 1.0,
    "upper": 9.0,
    "mean_moving_range": 1.5,
    "periods": 12,
    "n": 400,
}
WANTED = Baseline(SERIES, "2026-W01", "2026-W12", NUMBERS, 3, "abc")


def signed(database: Database, clock: Clock, wanted: Baseline) -> Baseline:
    """Freeze a baseline that two then sign."""
    made = freeze(database, clock, replace(ANA, name="cleo"), wanted)
    sign(database, clock, ANA, Voice(made.number, "owner", "ana", signed_in=True))
    return sign(database, clock, BO, Voice(made.number, "frontline", "bo", signed_in=True))


@pytest.mark.row("BAS-02")
def test_a_provisional_one_makes_way_at_once_and_a_signed_one_when_the_newer_is_signed(
    database: Database, clock: Clock
) -> None:
    """Of the same series alone; nothing of it is removed."""
    first = freeze(database, clock, ANA, WANTED)
    second = freeze(database, clock, ANA, WANTED)
    assert baseline_of(database, first.number).state == "superseded"
    other = freeze(database, clock, ANA, replace(WANTED, series=replace(SERIES, period="month")))
    assert {each.number for each in baselines(database)} == {second.number, other.number}

    kept = signed(database, clock, WANTED)
    third = freeze(database, clock, ANA, WANTED)
    assert baseline_of(database, kept.number).state == "signed"
    sign(database, clock, ANA, Voice(third.number, "owner", "dan", signed_in=True))
    assert baseline_of(database, kept.number).state == "signed"
    sign(database, clock, BO, Voice(third.number, "frontline", "bo", signed_in=True))
    assert baseline_of(database, kept.number).state == "superseded"
    assert len(baselines(database, "time_to_resolve", ended=True)) == 5
    assert verify(database).holds


@pytest.mark.row("BAS-01")
def test_the_numbers_come_back_as_they_were_and_the_audit_has_each_step(
    database: Database, clock: Clock
) -> None:
    """To the last digit, whatever the order of the conditions."""
    numbers = NUMBERS | {"centre": 0.1 + 0.2, "values": [{"period": "2026-W01", "value": None}]}
    made = freeze(database, clock, ANA, replace(WANTED, numbers=numbers))
    assert baseline_of(database, made.number).numbers == numbers
    turned = replace(SERIES, segment=(Condition("priority", ("2", "1")),))
    freeze(database, clock, ANA, replace(WANTED, series=turned))
    assert len(baselines(database)) == 1
    number = baselines(database)[0].number
    object_to(database, clock, BO, Voice(number, "", "bo", signed_in=True, why="Nights."))
    told = lines(database, subject=f"baseline {number}")
    assert [(each.action, each.why) for each in told] == [("baseline:sign", "Nights.")]
    assert [e.action for e in lines(database, subject="metric time_to_resolve")] == [
        "baseline:freeze",
        "baseline:freeze",
    ]


def test_what_cannot_be_signed_or_said(database: Database, clock: Clock) -> None:
    """Nothing of it is kept."""
    made = freeze(database, clock, ANA, WANTED)
    for voice, said in (
        (Voice(made.number, "witness", "bo", signed_in=True), "Nobody signs as"),
        (Voice(made.number, "owner", " ", signed_in=False), "has to be named"),
        (Voice(made.number, "owner", "x" * 201, signed_in=False), "longer than 200"),
        (Voice(made.number, "frontline", "ANA", signed_in=True), "cannot sign it as frontline"),
    ):
        with pytest.raises(QueryWrong, match=said):
            sign(database, clock, ANA, voice)
    with pytest.raises(QueryWrong, match="needs its words"):
        object_to(database, clock, ANA, Voice(made.number, "", "bo", signed_in=True))
    with pytest.raises(UnknownRecord, match="no baseline 99"):
        sign(database, clock, ANA, Voice(99, "owner", "bo", signed_in=True))
    with pytest.raises(UnknownRecord, match="no baseline 99"):
        baseline_of(database, 99)
    with pytest.raises(QueryWrong, match="longer than"):
        freeze(database, clock, ANA, replace(WANTED, accepted_why="x" * 2_001))
    assert baseline_of(database, made.number).voices == ()


@pytest.mark.row("SPC-05")
def test_what_charts_are_told(database: Database, clock: Clock) -> None:
    """Signed baselines in the order of signing, rebases in order of time, excluded points."""
    assert agreed_phases(database) == ()
    freeze(database, clock, ANA, replace(WANTED, series=replace(SERIES, period="day")))
    assert agreed_phases(database) == ()
    first = signed(database, clock, WANTED)
    second = signed(database, clock, replace(WANTED, first="2026-W03"))
    parts = (SERIES.metric, SERIES.statistic, SERIES.segment, SERIES.period)
    for at in ("2026-W30", "2026-W20"):
        keep_rebase(database, clock, ANA, Rebase(*parts, at=at, why="Why.", event="Event."))
    exclude_point(database, clock, ANA, ExcludedPoint(SERIES, "2026-W05", "A storm."))
    [told] = agreed_phases(database)
    assert [each.number for each in told.frozen] == [first.number, second.number]
    assert told.frozen[0].signed_by == ("ana (owner)", "bo (frontline)")
    assert (told.frozen[0].centre, told.frozen[0].upper) == (5.0, 9.0)
    assert told.rebased == ("2026-W20", "2026-W30")
    assert told.left_out == (("2026-W05", "A storm."),)

"""What happened meanwhile: whose days they are, who is told, and when a level changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.metrics.question import Question
from opsgauge.operations.decomposing import why_changed
from opsgauge.operations.drawing.event_marks import Marks
from opsgauge.operations.drawing.range_chart import range_chart
from opsgauge.operations.events import by_period, happenings, lasting_changes, meanwhile
from opsgauge.operations.expected import expected
from opsgauge.operations.marked import marks_between, marks_of, trend_of
from opsgauge.operations.measure import chart, measure
from tests.conftest import MAPPING, Intake, seeing

MONDAY = date(2026, 1, 5)
VARY = (0, 2, 1, 0, 1, 2, 2, 0, 1)  # hours more, from week to week
CALENDAR = """\
title: Office hours
zone: UTC
week: {monday-friday: ["08:00-17:00"]}
holidays: {dates: [{date: 2026-02-17, name: Carnival}]}
"""
WEEKLY = Question("time_to_resolve", period="week")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return twenty weeks of two teams; from the eleventh on all takes twice as long."""
    intake = Intake(tmp_path_factory.mktemp("events"))
    rows = ["number,at,state,team,who,sort,bad"]
    for week in range(20):
        day = MONDAY + timedelta(days=7 * week)
        for place in range(4):
            team, hours = "AB"[place % 2], (3 if week < 10 else 7) + VARY[week % len(VARY)]
            name = f"T{week}-{place}"
            rows.append(f"{name},{day} 08:00,New,{team},x,incident,no")
            rows.append(f"{name},{day} {8 + hours:02}:00,Done,{team},x,incident,no")
    release = MONDAY + timedelta(days=7 * 10 + 1)
    rows += [f"R1,{release} 06:00,New,A,x,release,no", f"R1,{release} 23:30,Done,A,x,release,no"]
    rows += [
        f"M1,{release} 07:00,New,B,x,incident,yes",
        f"M1,{release} 07:30,Done,B,x,incident,yes",
    ]
    fields = "  assignee: who\n  major: bad\n"
    practice = "practice: {column: sort, words: {incident: incident, release: release}}\n"
    mapping = MAPPING.replace("  assignee: who\n", fields) + practice
    intake.takes("\n".join(rows) + "\n", mapping=mapping)
    (intake.workspace.path / "calendars" / "office.yaml").write_text(CALENDAR, "utf-8")
    yield intake
    intake.close()


@pytest.mark.row("DSH-05")
def test_releases_major_incidents_and_holidays_stand_on_their_days(desk: Intake) -> None:
    """By the period of the chart, oldest first."""
    measured = measure(desk.context, WEEKLY)
    told = by_period(happenings(desk.context, measured), measured.period)

    assert [(each.on, each.kind, each.text) for each in told["2026-W08"]] == [
        (date(2026, 2, 17), "holiday", "Carnival")
    ]
    assert [(each.kind, each.text) for each in told["2026-W12"]] == [
        ("major incident", "M1"),
        ("release", "R1"),
    ]


@pytest.mark.row("DSH-05")
@pytest.mark.row("SPC-10")
def test_a_lasting_change_is_dated_and_matched_to_what_happened_then(desk: Intake) -> None:
    """The eleventh week, with the release and the incident; a holiday is no reason."""
    charted = chart(desk.context, WEEKLY)
    [change] = lasting_changes(charted, happenings(desk.context, charted.measured))

    assert change.period == "2026-W12"
    assert change.after - change.before == pytest.approx(4, abs=0.6)
    assert change.low < change.after - change.before < change.high
    assert {each.kind for each in change.events} == {"release", "major incident"}
    plain = meanwhile(desk.context, WEEKLY)
    assert plain["changes"][0]["events"] == [
        {"on": "2026-03-17", "kind": each.kind, "text": each.text} for each in change.events
    ]


@pytest.mark.row("DSH-05")
def test_whom_tickets_are_hidden_from_is_not_told_of_them(desk: Intake) -> None:
    """Team A sees its release, and not team B's incident."""
    theirs = replace(desk.context, actor=seeing(Condition("team", ("A",))), held=None)
    told = happenings(theirs, measure(theirs, WEEKLY))

    assert {each.kind for each in told} == {"release", "holiday"}


def test_a_calm_series_has_no_lasting_change(desk: Intake) -> None:
    """The number of tickets never changes; without a period nothing is dated."""
    counted = chart(desk.context, Question("tickets_opened", period="week"))

    assert lasting_changes(counted, ()) == ()
    assert happenings(desk.context, measure(desk.context, replace(WEEKLY, period="all"))) == ()


@pytest.mark.row("DSH-05")
def test_every_picture_over_time_has_the_marks(desk: Intake) -> None:
    """The release and the incident of week 12, and Carnival in week 8."""
    charted = chart(desk.context, WEEKLY)
    assert {words for _, words in trend_of(desk.context, charted).events} == {
        "16 to 22 Feb 2026: holiday: Carnival",
        "16 to 22 Mar 2026: 1 major incident; 1 release",
    }
    labels = [point.period for point in charted.points]
    of_all = marks_between(desk.context, labels, "week")
    assert [each.first for each in of_all.marks] == ["2026-W08", "2026-W12"]
    assert not marks_between(desk.context, [], "week").marks

    found = expected(desk.context, Question("tickets_opened", period="week"))
    shown = [each.period for each in found.points if each.high is not None]
    [_, release] = marks_of(desk.context, found.measured, labels).marks
    marks = Marks((replace(release, first=shown[0], last=shown[0]),))
    drawn = range_chart(found, marks=marks)
    assert drawn is not None
    assert [each["text"] for each in drawn["datasets"]["marks"]] == ["2"]
    assert drawn["datasets"]["marks"][0]["kind"] == "major incident, release"


@pytest.mark.row("DSH-05")
def test_a_comparison_of_two_stretches_says_what_happened_in_them(desk: Intake) -> None:
    """February against March: Carnival before, the release and the incident after."""
    question = Question(
        "time_to_resolve", by=("team",), from_=date(2026, 3, 1), to=date(2026, 3, 31)
    )
    found = why_changed(desk.context, question, (date(2026, 2, 1), date(2026, 2, 28)))

    assert [each.kind for each in found.happened_from(*found.then)] == ["holiday"]
    assert [each.kind for each in found.happened_from(*found.now)] == ["major incident", "release"]
    assert [each["text"] for each in found.as_json()["events"]] == ["Carnival", "M1", "R1"]

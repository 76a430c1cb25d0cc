"""Groups and periods compared over a desk on which the raw comparison misleads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import PersonSplit, QueryWrong
from opsgauge.metrics.question import Question
from opsgauge.operations.decomposing import why_changed
from opsgauge.operations.fairly import Fair, fair
from opsgauge.operations.measure import measure
from tests.conftest import MAPPING, Intake, seeing

# Team, kind, how many, how many of them cancelled: the kidney stones, as two teams.
STONES = (
    ("A", "easy", 87, 6),
    ("A", "hard", 263, 71),
    ("B", "easy", 270, 36),
    ("B", "hard", 80, 25),
)
EVERYTHING = Question("cancelled_share", by=("team",))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return team A's month, and the month after in which team B did the same work more."""
    intake = Intake(tmp_path_factory.mktemp("fairly"))
    rows = ["number,at,state,team,who,sort"]
    for team, sort, many, bad in STONES:
        begin = date(2026, 1, 1) if team == "A" else date(2026, 2, 1)
        for place in range(many):
            day = begin + timedelta(days=place % 28)
            name, state = f"{team}-{sort}-{place}", "Void" if place < bad else "Done"
            hours = 2 if sort == "easy" else 8
            rows.append(f"{name},{day} 08:00,New,{team},x,{sort}")
            rows.append(f"{name},{day} {8 + hours:02}:00,{state},{team},x,{sort}")
    rows += ["C-1,2026-02-20 08:00,New,C,x,odd", "C-1,2026-02-20 09:00,Done,C,x,odd"]
    rows += ["Z-1,2026-03-02 08:00,New,A,x,easy"]
    mapping = MAPPING.replace("  assignee: who\n", "  assignee: who\n  category: sort\n")
    intake.takes("\n".join(rows) + "\n", mapping=mapping + "practice: incident\n")
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def found(desk: Intake) -> Fair:
    """Return the teams compared by how many of their tickets come to nothing."""
    return fair(desk.context, EVERYTHING, ("category",))


@pytest.mark.row("DSH-06")
def test_the_team_that_looks_worse_is_told_to_be_ahead(found: Fair) -> None:
    """A has more cancelled as a whole, and fewer of the easy and of the hard ones."""
    rows = {row.group: row for row in found.rows}

    assert rows["A"].raw == pytest.approx(77 / 351)
    assert rows["B"].raw == pytest.approx(61 / 350)
    assert rows["A"].adjusted is not None
    assert rows["B"].adjusted is not None
    assert rows["A"].adjusted < rows["B"].adjusted
    assert found.reversals == (("A", "B"),)
    assert found.reversal_sentence().startswith("A looks behind B as a whole and is ahead of it")


@pytest.mark.row("DSH-06")
def test_a_team_that_does_other_work_is_not_compared(found: Fair) -> None:
    """One ticket of a kind that nobody else has."""
    [other] = [row for row in found.rows if row.group == "C"]

    assert other.why_not.startswith("The kinds of work it does are ")
    assert other.why_not.endswith("not comparable")
    assert (other.verdict, other.direct, other.adjusted) == ("", None, None)
    assert other.as_json()["adjusted"] is None
    assert found.sentence().startswith("Of 2 compared, as if all had the same mix of category, ")
    assert found.target_sentence().startswith("Those that are comparable, all together: ")
    assert found.target == pytest.approx((77 + 61) / (351 + 350))


def test_its_numbers_are_those_of_the_metric(desk: Intake, found: Fair) -> None:
    """The raw value and n of each group, as measured anywhere else."""
    plain = {row.by["team"]: row for row in measure(desk.context, EVERYTHING).rows}

    assert {row.group: row.n for row in found.rows} == {t: row.n for t, row in plain.items()}
    for row in found.rows:
        assert row.raw == pytest.approx(plain[row.group].value)


def test_times_are_compared_by_their_means(desk: Intake) -> None:
    """Two hours for the easy, eight for the hard: the mix alone, and nothing stands out."""
    told = fair(desk.context, Question("time_to_resolve", by=("team",)), ("category",))
    rows = {row.group: row for row in told.rows}

    assert rows["A"].raw > rows["B"].raw
    assert rows["A"].adjusted == pytest.approx(rows["B"].adjusted)
    assert {row.verdict for row in told.rows} <= {"steady", ""}
    assert told.funnel is None


def test_persons_are_never_compared(desk: Intake) -> None:
    """Nor without saying which groups, nor by a number that is no share or mean."""
    with pytest.raises(PersonSplit):
        fair(desk.context, replace(EVERYTHING, by=("assignee",)), ("category",))
    with pytest.raises(QueryWrong, match="one dimension"):
        fair(desk.context, replace(EVERYTHING, by=()))
    with pytest.raises(QueryWrong, match="neither a share"):
        fair(desk.context, Question("tickets_opened", by=("team",)), ("category",))
    nobody = (Condition("category", ("none such",)),)
    with pytest.raises(QueryWrong, match="No record"):
        fair(desk.context, replace(EVERYTHING, where=nobody), ("category",))


def test_whom_rows_are_hidden_from_compares_only_what_they_see(desk: Intake) -> None:
    """Of one team nothing stands beside it."""
    theirs = replace(desk.context, actor=seeing(Condition("team", ("B",))), held=None)
    told = fair(theirs, EVERYTHING, ("category",))

    assert [row.group for row in told.rows] == ["B"]
    assert told.target == pytest.approx(61 / 350)


@pytest.mark.row("RCA-09")
def test_a_change_is_split_into_mix_and_rate(desk: Intake) -> None:
    """January's hard work against February's easy one: fewer cancelled, since fewer were hard."""
    asked = Question(
        "cancelled_share", by=("category",), from_=date(2026, 2, 1), to=date(2026, 2, 28)
    )
    found = why_changed(desk.context, asked, (date(2026, 1, 1), date(2026, 1, 31)))

    assert found.found.before == pytest.approx(77 / 350)
    assert found.found.after == pytest.approx(61 / 351)
    assert found.found.mix < 0 < found.found.rate
    assert found.found.mix + found.found.rate == pytest.approx(found.found.change, abs=1e-15)
    assert sum(row["total"] for row in found.as_json()["rows"]) == pytest.approx(
        found.as_json()["change"]
    )


def test_without_dates_the_newest_whole_month_is_held_against_the_one_before(desk: Intake) -> None:
    """March has begun; February and January are over."""
    found = why_changed(desk.context, Question("cancelled_share", by=("team",)))

    assert found.now == (date(2026, 2, 1), date(2026, 2, 28))
    assert found.then == (date(2026, 1, 1), date(2026, 1, 31))
    assert all(effect.rate == 0 for effect in found.found.effects)


@pytest.mark.parametrize(
    ("asked", "then", "told"),
    [
        (Question("cancelled_share"), None, "is not said"),
        (Question("tickets_opened", by=("team",)), None, "neither a share"),
        (Question("cancelled_share", by=("team",), from_=date(2026, 2, 1)), None, "last day"),
        (
            Question("cancelled_share", by=("team",), from_=date(2026, 2, 9), to=date(2026, 2, 1)),
            None,
            "lies before",
        ),
        (
            Question("cancelled_share", by=("team",)),
            (date(2020, 1, 1), date(2020, 1, 31)),
            "holds no records",
        ),
    ],
)
def test_what_cannot_be_split_is_refused(
    desk: Intake, asked: Question, then: tuple[date, date] | None, told: str
) -> None:
    """With what is wrong."""
    with pytest.raises(QueryWrong, match=told):
        why_changed(desk.context, asked, then)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a year of five tickets a day that take about four days, in the last month longer.

    In the month before the last whole one, what differs is what differs from month to month.
    """
    intake = Intake(tmp_path_factory.mktemp("steady"))
    rows = ["number,at,state,team,who"]
    begin, end = date(2025, 1, 1), date(2026, 2, 3)
    for place in range((end - begin).days + 1):
        day = begin + timedelta(days=place)
        days = 12 if (day.year, day.month) == (2025, 12) else 2 + day.month % 2
        for one in range(5):
            done = day + timedelta(days=days)
            rows.append(f"T{place}-{one},{day} 08:00,New,A,x")
            rows.append(f"T{place}-{one},{done} {8 + one:02}:00,Done,A,x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    yield intake
    intake.close()


def test_why_it_changed_names_its_mean_in_one_unit_and_what_the_chart_says(steady: Intake) -> None:
    """From two days to three is as ever; both in hours, since the smaller one is."""
    days = (date(2025, 9, 1), date(2025, 9, 30))
    asked = Question("time_to_resolve", by=("team",), from_=days[0], to=days[1])
    found = why_changed(steady.context, asked, (date(2025, 8, 1), date(2025, 8, 31)))
    told = found.sentence()

    assert told.startswith("Time to resolve, on average (mean), rose from ")
    assert " h to " in told
    assert "days" not in told
    assert [each.statistic for each in found.charts] == ["mean", "median"]
    assert "the mean is within what is normal" in found.chart_sentence()
    assert found.chart_sentence() == found.as_json()["chart_sentence"]


def test_what_the_chart_calls_a_signal_is_called_one(steady: Intake) -> None:
    """Twelve days in December; of days that are no whole period nothing is said."""
    asked = Question(
        "time_to_resolve", by=("team",), from_=date(2025, 12, 1), to=date(2025, 12, 31)
    )
    found = why_changed(steady.context, asked)

    assert {each.verdict for each in found.charts} == {"outside"}
    assert "the median is outside what is normal (" in found.chart_sentence()
    odd = replace(asked, from_=date(2025, 12, 3))
    assert "is not said" in why_changed(steady.context, odd).chart_sentence()

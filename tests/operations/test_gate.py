"""Failed critical checks: which metrics they touch, and where the workspace withholds numbers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsgauge.foundation.errors import NumbersWithheld, SettingsWrong
from opsgauge.foundation.settings import open_workspace
from opsgauge.metrics.question import Question
from opsgauge.operations.check import check, check_by_source, suspect
from opsgauge.operations.context import Context
from opsgauge.operations.find import find
from opsgauge.operations.flow import process_map, variants
from opsgauge.operations.home import home
from opsgauge.operations.measure import chart, measure, tickets_behind
from opsgauge.operations.restating import restated
from tests.conftest import MAPPING, Intake

CHECK = "order_of_moments"
DAYS = [f"2026-0{1 + n // 28}-{1 + n % 28:02}" for n in range(84)]
MAPPED = MAPPING.replace("fields:", "fields:\n  opened_at: opened\n  resolved_at: at")


def log(first_hour: int) -> str:
    """Return a log of a ticket a day, opened at such an hour and done at noon."""
    return "number,at,state,team,who,opened\n" + "".join(
        f"T{n},{day}T12:00Z,Done,Desk,ann,{day}T{first_hour:02}:{n % 50:02}Z\n"
        for n, day in enumerate(DAYS)
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import two sources: one in order, and one whose tickets all end before they begin."""
    made = Intake(tmp_path_factory.mktemp("odd"))
    made.takes(log(9), mapping=MAPPED)
    made.takes(log(13), mapping=MAPPED.replace("source: desk", "source: other"))
    yield made
    made.close()


@pytest.fixture
def says(desk: Intake) -> Iterator[Callable[[str], Context]]:
    """Return what opens the desk with other settings."""
    file = desk.workspace.path / "opsgauge.toml"
    before = file.read_text()

    def opened(setting: str) -> Context:
        file.write_text(setting)
        return Context(open_workspace(desk.workspace.path))

    yield opened
    file.write_text(before)


@pytest.mark.row("GOV-05")
def test_each_metric_is_touched_by_the_checks_that_mark_its_numbers(desk: Intake) -> None:
    """The list of what is affected, each check's own, and the mark on a number say the same."""
    checked = check(desk.context)
    listed = {each.metric: each.checks for each in checked.impact}
    failed = [each for each in checked.checks if each.numbers]

    assert {each.id for each in failed} >= {CHECK}
    for metric in desk.context.catalogue:
        marked = suspect(desk.context, metric.columns)
        assert {*listed.get(metric.name, ())} == {*marked}
        assert {each.id for each in failed if {"*", metric.name} & {*each.affects}} == {*marked}
    assert "time_to_resolve" in listed
    assert "tickets_opened" not in listed
    assert {each.numbers for each in checked.impact} == {"suspect"}


@pytest.mark.row("GOV-05")
def test_the_score_tells_the_source_at_fault(desk: Intake) -> None:
    """Over all it is held as the worse one's is; the sound source has its own."""
    checked = check_by_source(desk.context)

    assert list(checked.sources) == ["desk", "other"]
    sound, odd = checked.sources.values()
    assert sound.value is not None
    assert odd.value is not None
    assert sound.value > odd.value
    assert (sound.held, odd.held, checked.score.held) == (False, True, True)
    assert checked.as_json()["sources"][1]["source"] == "other"


@pytest.mark.row("GOV-05")
@pytest.mark.parametrize("named", ["*", CHECK])
def test_the_workspace_can_withhold_numbers(says: Callable[[str], Context], named: str) -> None:
    """Rows stay without a number; what has no such rows is refused, with the check's title."""
    ctx = says(f'withhold_on = ["{named}"]')
    question = Question("time_to_resolve", period="month")
    answer = measure(ctx, question)

    assert answer.withheld == answer.suspect
    assert CHECK in answer.withheld
    assert [(row.period, row.n, row.value, row.low) for row in answer.rows] == [
        (month, 0, None, None) for month in ("2026-01", "2026-02", "2026-03")
    ]
    assert {row["n"] for row in answer.as_json()["rows"]} == {None}
    with pytest.raises(NumbersWithheld, match="‘Moments in order’"):
        chart(ctx, Question("time_to_resolve", period="week"))
    with pytest.raises(NumbersWithheld):
        restated(ctx, question)
    touched = {each.metric: each.numbers for each in check(ctx).impact}
    assert touched["time_to_resolve"] == "withheld"


def test_what_the_check_does_not_touch_is_given(says: Callable[[str], Context]) -> None:
    """Other numbers, the map, findings, and the tickets behind, by which one finds the fault."""
    ctx = says('withhold_on = ["*"]')

    assert measure(ctx, Question("tickets_opened")).rows[0].value == 2 * len(DAYS)
    assert find(ctx).findings == ()
    assert process_map(ctx, "phase").tickets == variants(ctx, "phase").tickets == 2 * len(DAYS)
    assert tickets_behind(ctx, Question("time_to_resolve")).total == 2 * len(DAYS)
    assert home(ctx).as_json()["cards"]


def test_only_the_checks_named_withhold(says: Callable[[str], Context]) -> None:
    """By itself none does: programs get the number, and the mark."""
    for setting in ("", "withhold_on = []", 'withhold_on = ["backlog_adds_up"]'):
        answer = measure(says(setting), Question("time_to_resolve"))
        assert (answer.withheld, CHECK in answer.suspect) == ((), True)
        assert answer.rows[0].value is not None


@pytest.mark.parametrize("named", ["order_of_moment", "freshness", ""])
def test_a_name_that_is_no_critical_check_is_refused(
    says: Callable[[str], Context], named: str
) -> None:
    """A slip there would let numbers through; the checks that may be named are."""
    ctx = says(f'withhold_on = ["{named}"]')
    for asked in (lambda: measure(ctx, Question("tickets_opened")), lambda: check(ctx)):
        with pytest.raises(SettingsWrong, match=f"withhold_on: '{named}' is no critical") as wrong:
            asked()
        assert CHECK in wrong.value.hint


def test_of_one_source_the_score_is_that_over_all(tmp_path: Path) -> None:
    """Nothing is looked at twice."""
    made = Intake(tmp_path)
    made.takes(log(9), mapping=MAPPED)
    checked = check_by_source(made.context)
    made.close()

    assert checked.sources == {"desk": checked.score}
    assert checked.impact == ()


def test_maps_of_a_future_log_are_withheld(tmp_path: Path) -> None:
    """The check touches every column, so the map, its paths and the findings stand on it."""
    made = Intake(tmp_path, 'withhold_on = ["future_moments"]')
    made.takes("number,at,state,team,who\nT1,2099-01-05T08:00Z,New,Desk,ann\n")
    for asked in (
        lambda: process_map(made.context, "phase"),
        lambda: variants(made.context, "phase"),
        lambda: find(made.context),
    ):
        with pytest.raises(NumbersWithheld, match="‘Nothing from the future’"):
            asked()
    assert len(check(made.context).impact) == len(list(made.context.catalogue))
    made.close()


CALLS = """
source: desk
table: contacts
times: {zone: UTC}
fields: {contact_id: id, ticket_id: ticket, started_at: at}
"""


@pytest.mark.row("GOV-04")
def test_records_of_another_tool_are_held_against_the_tickets(tmp_path: Path) -> None:
    """Of three calls one names a ticket that is not there; before, nothing was compared."""
    made = Intake(tmp_path)
    made.takes(log(9), mapping=MAPPED)
    seen = {each.id: each for each in check(made.context).checks}
    assert not seen["names_meet"].compared
    calls = "".join(f"c{number},{number},2026-02-01T08:00Z\n" for number in ("T1", "T2", "X"))
    made.takes(f"id,ticket,at\n{calls}", mapping=CALLS, name="calls.csv")
    seen = {each.id: each for each in check(Context(made.workspace)).checks}
    made.close()

    assert (seen["names_meet"].state, seen["names_meet"].count) == ("warn", 1)
    assert list(check_by_source(Context(made.workspace)).sources) == ["desk"]


def test_a_number_says_where_states_have_no_phase(intake: Intake) -> None:
    """T1 was resolved and came back in a state the mapping does not know: it stays resolved."""
    rows = "number,at,state,team,who\n" + "".join(
        f"T1,2026-01-05T{hour:02}:00Z,{state},Desk,ann\n"
        for hour, state in ((8, "New"), (9, "Done"), (10, "Again"))
    )
    intake.takes(rows)
    told = {
        name: measure(intake.context, Question(name)).caveats
        for name in ("backlog", "reopened_share", "time_to_resolve", "tickets_opened")
    }

    assert told.pop("tickets_opened") == ()
    assert {caveats[0][:24] for caveats in told.values()} == {"1 of 3 updates carry a s"}

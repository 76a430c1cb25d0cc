"""Trouble told by words of descriptions: as many tickets as its lists, and never a name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.analysis.causes.delay_place import UPSTREAM
from opsgauge.foundation.errors import NotAllowed, UnknownName
from opsgauge.foundation.settings import DEFAULT_SETTINGS
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.recurring import BY_CATEGORY, Recurring, cluster_words, recurring
from opsgauge.operations.recurring_tickets import TroubleAsked, recurring_tickets
from opsgauge.operations.troubles import delay_words
from tests.conftest import MAPPING, Intake, with_settings

pytestmark = [pytest.mark.row("RCA-06")]
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
FIELDS = (
    "  assignee: who\n  requester: user\n  category: sort\n  configuration_item: ci\n"
    "  description: text\n"
)
NAMES = ("Vera Lund", "otto klein", "mia wolf", "ada stern", "jan berg", "eva roth")
ALL = Selection()
SAID = ("paper jam in tray", "tray has paper jam", "toner is empty", "toner empty again")


def filled(intake: Intake) -> Intake:
    """Import a printer's tickets: jams of whatever category, slow before Print has them."""
    rows = ["number,at,state,team,who,user,sort,ci,text"]
    for place in range(240):
        at = BEGIN + timedelta(hours=12 * place)
        jams = place % 4 < 2
        before = timedelta(hours=9 if jams else 1, minutes=place % 7)
        rest = f"{NAMES[place // 7 % 6]},{'ab'[place % 3 // 2]},p1,{SAID[place % 4]} ask vera lund"
        for when, state, team in (
            (at, "New", "Front"),
            (at + before, "Work", "Print"),
            (at + before + timedelta(hours=1, minutes=place % 5), "Done", "Print"),
        ):
            rows.append(f"T{place},{when:%Y-%m-%d %H:%M},{state},{team},x,{rest}")
    mapping = MAPPING.replace("  assignee: who\n", FIELDS)
    intake.takes("\n".join(rows) + "\n", mapping=mapping + "practice: incident\n")
    return intake


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk that keeps text."""
    kept = DEFAULT_SETTINGS.replace("keep_text = false", "keep_text = true")
    intake = filled(Intake(tmp_path_factory.mktemp("words"), kept))
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def found(desk: Intake) -> Recurring:
    """Return its trouble."""
    return recurring(desk.context, ALL)


def test_the_same_words_are_the_same_trouble(found: Recurring) -> None:
    """Two planted symptoms of one printer, across both categories."""
    told = {cluster_words(row): row for row in found.found.rows}

    assert found.by_words
    assert BY_CATEGORY not in found.notes
    assert [row.n for row in told.values()] == [120, 120]
    assert {"paper" in words for words in told} == {True, False}
    assert all(row.named == ("p1", None, None, None) for row in told.values())


def test_the_planted_delay_lies_upstream_with_the_first_team(found: Recurring) -> None:
    """Eight hours more than the printer's other tickets; of these nothing is told."""
    for row, holder in zip(found.found.rows, found.holders, strict=True):
        assert row.delay
        if "paper" in cluster_words(row):
            assert row.delay.place == UPSTREAM
            assert row.delay.low < 8 < row.delay.high
            assert holder
            assert holder.team == "Front"
            assert "with Front alone 8" in delay_words(row.delay, holder)
        else:
            assert not row.delay.place
            assert holder is None


def test_its_tickets_are_as_many_as_its_numbers(found: Recurring, desk: Intake) -> None:
    """At all, and lately."""
    for row, first in zip(found.found.rows, found.firsts, strict=True):
        assert recurring_tickets(desk.context, ALL, TroubleAsked(*first)).total == row.n
        lately = recurring_tickets(desk.context, ALL, TroubleAsked(*first, lately=True))
        assert lately.total == row.recent
        assert {each["ticket_id"] for each in lately.rows}
    with pytest.raises(UnknownName, match="No trouble"):
        recurring_tickets(desk.context, ALL, TroubleAsked("desk", "T239"))


def test_no_name_of_the_records_is_told(found: Recurring) -> None:
    """Though hers is in every text."""
    assert "vera" not in str(found.as_json())
    assert "lund" not in str(found.as_json())


def test_teams_of_few_people_hold_nothing_by_name(desk: Intake) -> None:
    """They are told together."""
    told = recurring(with_settings(desk.context, fewest_persons=5), ALL)

    assert "Front" not in str(told.as_json())


def test_without_text_the_category_tells_and_the_answer_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The two categories."""
    intake = filled(Intake(tmp_path_factory.mktemp("none")))
    told = recurring(intake.context, ALL)
    intake.close()

    assert not told.by_words
    assert BY_CATEGORY in told.notes
    assert {row.named for row in told.found.rows} == {("p1", None, s, None) for s in "ab"}


def test_it_asks_first(desk: Intake) -> None:
    """As every operation."""
    stranger = Context(
        desk.workspace, actor=everywhere("eve", "nobody"), readers=desk.context.readers
    )
    with pytest.raises(NotAllowed):
        recurring_tickets(stranger, ALL, TroubleAsked("desk", "T0"))

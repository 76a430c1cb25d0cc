"""Words of descriptions: only where text is kept, never a name, and as many tickets as n."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.foundation.errors import ColumnsMissing, NotAllowed, QueryWrong
from opsgauge.foundation.settings import DEFAULT_SETTINGS
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.word_themes import WordAsked, Words, word_themes, word_tickets
from tests.conftest import MAPPING, Intake

pytestmark = [pytest.mark.row("RCA-11")]
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
NAMES = ("Vera Lund", "otto klein", "mia wolf", "ada stern", "jan berg", "eva roth")
FIELDS = "  assignee: who\n  requester: user\n  category: sort\n  description: text\n"
ALL = Selection()


def filled(intake: Intake) -> Intake:
    """Import tickets: scanning tickets name the scanner, the newest the outage; all name vera."""
    rows = ["number,at,state,team,who,user,sort,text"]
    for place in range(300):
        at = BEGIN + timedelta(hours=12 * place)
        scanning = place % 3 == 0
        text = "scanner offline" if scanning else "mail late"
        text += " since outage" if place >= 260 and place % 2 else ""
        text += " please ask vera lund" if place % 4 == 0 else " thanks"
        user, sort = NAMES[place // 7 % 6], "Scanning" if scanning else "Mail"
        rows.append(f"T{place},{at:%Y-%m-%d %H:%M},New,Front,x,{user},{sort},{text}")
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
def found(desk: Intake) -> Words:
    """Return its words."""
    return word_themes(desk.context, ALL)


def test_words_of_a_segment_and_of_lately_are_told(found: Words) -> None:
    """Scanners by category, the outage by time."""
    told = {group: {each.word for each in words} for group, words in found.rows}

    assert {"scanner", "offline"} <= told["Scanning"]
    assert "Mail" not in told  # what most tickets say tells nothing of some of them
    assert [each.word for each in found.lately][:2] in (["outage", "since"], ["since", "outage"])
    assert "outage" in found.sentence()


def test_no_name_of_the_records_is_told(found: Words, desk: Intake) -> None:
    """Though she is in a quarter of the texts, in small letters, of many users."""
    assert "vera" not in str(found.as_json())
    assert "lund" not in str(found.as_json())
    with pytest.raises(QueryWrong, match="is not told"):
        word_tickets(desk.context, ALL, WordAsked("vera", group="Mail"))


def test_a_words_tickets_are_as_many_as_its_n(found: Words, desk: Intake) -> None:
    """Of groups and of lately."""
    for group, words in found.rows:
        for each in words:
            listed = word_tickets(desk.context, ALL, WordAsked(each.word, group=group))
            assert listed.total == each.n
    for each in found.lately:
        assert word_tickets(desk.context, ALL, WordAsked(each.word, lately=True)).total == each.n


def test_without_kept_text_there_are_no_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    """And the answer says what to do."""
    intake = filled(Intake(tmp_path_factory.mktemp("none")))
    with pytest.raises(ColumnsMissing, match="No description is kept"):
        word_themes(intake.context, ALL)
    intake.close()


def test_it_asks_first(desk: Intake) -> None:
    """And refuses groups that are persons."""
    stranger = Context(desk.context.workspace, actor=everywhere("eve", "nobody"))
    with pytest.raises(NotAllowed):
        word_themes(stranger, ALL)
    with pytest.raises(QueryWrong):
        word_themes(desk.context, ALL, "requester")

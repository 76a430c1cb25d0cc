"""A change of an integration is listed, with key numbers of the same tickets before and after."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.errors import UnknownVersion
from opsgauge.operations.integration import COLUMNS, MAPPING, WORDS, integration_changes
from opsgauge.operations.integration_compared import change_words, integration_log
from opsgauge.web.app import make_app
from tests.conftest import Intake

READ = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
fields: {opened_at: opened, resolved_at: done, original_status: state, priority: priority}
phases: {New: new, Done: resolved}
"""
OTHERWISE = READ.replace("resolved_at: done", "resolved_at: closed")
HEADER = "number,opened,done,closed,state,priority\n"
# Ten tickets that take two hours, and four until they are closed; one far later is still open.
TEN = "".join(
    f"T{n},2026-01-{n:02} 08:00,2026-01-{n:02} 10:00,2026-01-{n:02} 12:00,Done,1\n"
    for n in range(1, 11)
)
FIRST = f"{HEADER}{TEN}T99,2026-03-01 08:00,,,New,1\n"
# Another that only the later version knows, and that would move the numbers.
LATER = (
    "number,opened,done,closed,state,priority,floor\n"
    "T50,2026-01-20 08:00,2026-01-25 08:00,2026-01-25 08:00,Done,1,3\n"
    "T51,2026-03-02 08:00,,,Parked,1,3\n"
)
PLAIN = "number,opened,done,closed,state,priority,floor\nT60,2026-03-03 08:00,,,New,1,3\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import three times: as at first, by another mapping, and by that one again."""
    intake = Intake(tmp_path_factory.mktemp("integration"))
    for content, mapping in ((FIRST, READ), (LATER, OTHERWISE), (PLAIN, OTHERWISE)):
        intake.takes(content, mapping=mapping)
    yield intake
    intake.close()


@pytest.mark.row("GOV-06")
def test_mapping_columns_and_words_are_told_where_they_change(desk: Intake) -> None:
    """With the second import alone: the third comes in as the second did."""
    [change] = integration_changes(desk.context)

    assert (change.version, change.before, change.source) == (2, 1, "desk")
    assert change.kinds == (MAPPING, COLUMNS, WORDS)
    assert change.words == (
        "The mapping reads fields in another way: resolved at.",
        "New columns: floor.",
        "Words of original status without a mapping: Parked (1).",
    )


@pytest.mark.row("GOV-06")
def test_key_numbers_are_compared_on_the_tickets_that_both_versions_know(desk: Intake) -> None:
    """Two hours become four; the ticket of five days is left aside, and nothing else moves."""
    [told] = integration_log(desk.context).compared
    numbers = {each.metric: each for each in told.numbers}
    time = numbers["time_to_resolve"]

    assert (told.tickets, told.only_before, told.only_after) == (11, 0, 2)
    assert (time.before, time.after, time.n_before, time.n_after) == (2.0, 4.0, 10, 10)
    assert time.change == 1.0
    assert change_words(time) == "+100.0\u202f%"
    assert told.numbers[0].differs
    assert not numbers["tickets_opened"].differs
    assert numbers["tickets_opened"].after == 11
    assert numbers["backlog"].before == numbers["backlog"].after == 1
    assert f"of the same 11 tickets {len(told.differing)} " in told.sentence


@pytest.mark.row("GOV-06")
def test_page_and_twin_tell_the_same(desk: Intake) -> None:
    """The change in words, and the number before and after."""
    client = TestClient(make_app(desk.context), base_url="http://127.0.0.1:8787")
    [told] = client.get("/api/v1/versions").json()["integration"]["compared"]
    page = client.get("/versions?change=2").text

    assert told["sentence"] in page
    assert all(word in page for word in told["words"])
    assert "+100.0\u202f%" in page
    assert client.get("/versions?change=3").status_code == 404


def test_a_version_without_a_change_has_nothing_to_compare(desk: Intake) -> None:
    """And an older data version knows no later change."""
    with pytest.raises(UnknownVersion, match="No integration changed with data version 3"):
        integration_log(desk.context, 3)
    assert integration_log(desk.context.at_version(1)).changes == ()

"""Numbers that were published stay as they were, or it shows."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import RecordsDamaged, UnknownName
from opsgauge.governance import published
from opsgauge.governance.access import LOCAL
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.published import Kept

pytestmark = pytest.mark.row("GOV-08")
KEPT = Kept(
    place="cli",
    question={"metric": "backlog"},
    answer={"rows": [{"value": 0.1, "n": 3}]},
    data_version=4,
    definition={"metric": "abc"},
    code="0.1.0+f00",
)


def test_a_number_is_kept_as_it_was_published(database: Database, clock: Clock) -> None:
    """Under a ref that people can quote, with a line in the audit."""
    made = published.keep(database, clock, LOCAL, KEPT)
    other = published.keep(database, clock, LOCAL, replace(KEPT, place="report"))

    assert (made.ref, other.ref) == ("N-1", "N-2")
    assert published.get(database, "N-1") == made
    assert published.get(database, "N-1").kept == KEPT
    assert [each.ref for each in published.newest(database, 10)] == ["N-2", "N-1"]
    [second, first] = lines(database)
    assert (first.subject, second.subject) == ("published N-1", "published N-2")
    assert first.action == "published:make"


def test_numbers_published_at_once_get_refs_of_their_own(database: Database, clock: Clock) -> None:
    """Twenty threads, and a line for each."""
    with ThreadPoolExecutor(20) as threads:
        refs = threads.map(lambda _: published.keep(database, clock, LOCAL, KEPT).ref, range(20))
        assert sorted(refs) == sorted(f"N-{which}" for which in range(1, 21))
    assert verify(database).lines == 20


@pytest.mark.parametrize(
    "change",
    [
        "answer = replace(answer, '0.1', '0.2')",
        "question = '{}'",
        'definition = \'{"metric":"abd"}\'',
        "data_version = 5",
        "code = 'other'",
    ],
)
def test_a_number_that_was_changed_afterwards_is_found(
    database: Database, clock: Clock, change: str
) -> None:
    """The audit's line holds the hash of all that matters."""
    published.keep(database, clock, LOCAL, KEPT)
    with database.writing() as session:
        session.execute(text(f"UPDATE published SET {change}"))

    with pytest.raises(RecordsDamaged, match="not what the audit says"):
        published.get(database, "N-1")


def test_a_ref_that_is_not_there_is_said_to_be_that(database: Database) -> None:
    """And where to look."""
    with pytest.raises(UnknownName, match="'N-9'"):
        published.get(database, "N-9")

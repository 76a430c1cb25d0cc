"""Views of metrics are counted by day, metric and way, by however many processes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import Fault
from opsgauge.governance import audit, uses
from opsgauge.governance.access import LOCAL
from opsgauge.governance.database import Database
from opsgauge.governance.tables import MetricUseRow

pytestmark = pytest.mark.row("CAT-14")
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)


def test_views_add_up_by_way(database: Database) -> None:
    """Within the days asked for; the newest day is that of ever."""
    uses.add(database, {(MONDAY, "backlog", "page"): 2, (TUESDAY, "backlog", "api"): 1})
    uses.add(database, {(MONDAY, "backlog", "page"): 3, (MONDAY, "age", "cli"): 1})

    assert uses.uses(database, MONDAY) == {
        "backlog": uses.Use(TUESDAY, {"page": 5, "api": 1}),
        "age": uses.Use(MONDAY, {"cli": 1}),
    }
    assert uses.uses(database, TUESDAY)["age"] == uses.Use(MONDAY, {})
    assert uses.counted_since(database) == MONDAY


def test_before_the_first_view_nothing_is_known(database: Database) -> None:
    """An empty batch writes nothing."""
    uses.add(database, {})

    assert uses.uses(database, MONDAY) == {}
    assert uses.counted_since(database) is None


def test_writers_at_once_lose_no_view(database: Database) -> None:
    """Eight threads, forty batches."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: uses.add(database, {(MONDAY, "age", "page"): 1}), range(40)))

    assert uses.uses(database, MONDAY)["age"].views == {"page": 40}


def test_nobody_is_named() -> None:
    """A row holds a day, a metric, a way and a count; there is no place for more."""
    assert set(MetricUseRow.__table__.columns.keys()) == {"day", "metric", "way", "views"}


def test_a_decision_is_found_in_the_audit(database: Database) -> None:
    """The newest line of each subject that begins so; signs that SQL reads are plain letters."""
    for day, subject in ((5, "metric age"), (7, "metric age"), (6, "metric_x"), (8, "metricage")):
        clock = fixed_clock(datetime(2026, 1, day, 12, tzinfo=UTC))
        audit.append(database, clock, LOCAL, "catalogue:write", subject)

    assert uses.decided(database, "metric ") == {"age": date(2026, 1, 7)}


def test_records_that_cannot_be_written_say_so(database: Database) -> None:
    """As one of the family of errors."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE metric_uses")

    with pytest.raises(Fault, match="cannot be counted"):
        uses.add(database, {(MONDAY, "age", "page"): 1})

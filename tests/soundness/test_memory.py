"""An import in less memory than its records take: slower, and the same to the last row."""

from pathlib import Path

import pytest

from opsgauge.metrics.question import Question
from opsgauge.operations.measure import measure
from opsgauge.warehouse.engine import connect, quoted
from tests.conftest import Intake

UPDATES = 120_000
LITTLE = 'memory_limit = "48MB"\nreading_memory_limit = "24MB"\n'
ASKED = (
    Question("time_to_resolve", "p90", period="week", by=("team",)),
    Question("backlog", period="day", by=("team",)),
    Question("handoffs_per_ticket", by=("priority", "team"), period="month"),
)
FINGERPRINT = "SELECT count(*), bit_xor(hash(each)) FROM {} AS each"


def write_log(file: Path) -> Path:
    """Write a log of tickets with eight updates each."""
    database = connect()
    database.execute(
        "COPY (SELECT 'INC' || lpad((i // 8)::VARCHAR, 7, '0') AS number, "
        "strftime(TIMESTAMP '2026-01-05' + to_minutes(i // 8 + 60 * (i % 8)), '%Y-%m-%d %H:%M') "
        "AS at, ['New', 'Work', 'Work', 'Work', 'Work', 'Work', 'Work', 'Done'][1 + i % 8] AS "
        "state, 'T' || hash(i) % 40 AS team, 'P' || hash(i * 5) % 500 AS who "
        f"FROM range({UPDATES}) AS t(i)) TO {quoted(str(file))} (HEADER)"
    )
    database.close()
    return file


@pytest.mark.row("SCA-03")
def test_what_does_not_fit_in_memory_is_imported_by_way_of_the_disk(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The tables, and numbers read of them, are those with all the memory there is."""
    log = write_log(tmp_path_factory.mktemp("log") / "log.csv")
    plenty = Intake(tmp_path_factory.mktemp("plenty"))
    assert plenty.takes(log).accepted == UPDATES
    # The same secret, so that the same person has the same name.
    little = Intake(tmp_path_factory.mktemp("little"), LITTLE, secret_of=plenty.folder)
    assert little.takes(log).accepted == UPDATES
    for table in ("tickets", "history"):
        asked = FINGERPRINT.format(table)
        assert little.rows(asked) == plenty.rows(asked)
        assert plenty.rows(asked)[0][0] >= UPDATES // 8
    for question in ASKED:
        own, other = measure(little.context, question), measure(plenty.context, question)
        assert own.rows == other.rows
        assert own.rows

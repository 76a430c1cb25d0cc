"""An invented log of ten million updates, made by DuckDB alone; columns like a tool's audit log.

`python -m bench.events FILE UPDATES` writes it, and prints how many rows it has.
"""

import sys
from pathlib import Path

from bench.measuring import output_and_weight
from opsgauge.warehouse.engine import connect, quoted

EVENTS_A_TICKET = 8.5
MAPPING = """\
source: large_desk
shape: updates
ticket_id: ticket
order: [step]
fields:
  updated_at: at
  opened_at: opened
  original_status: state
  team: team
  assignee: person
  priority: priority
  category: category
phases:
  New: new
  Active: in_progress
  Awaiting user: pending_user
  Awaiting vendor: pending_vendor
  Resolved: resolved
  Closed: closed
"""


def write_events(file: Path, events: int) -> int:
    """Write the log as CSV, ordered by time as tools write it; return how many rows it has.

    A program of its own writes it: one that is weighed later inherits the mark of the most memory
    held from the process that starts it.
    """
    written = [sys.executable, "-m", "bench.events", str(file), str(events)]
    return int(output_and_weight(written)[0])


def _write(file: Path, events: int) -> int:
    tickets = int(events / EVENTS_A_TICKET)
    database = connect("6GB", spill_to=file.parent / "spill")
    database.execute("SELECT setseed(0.4)").fetchall()
    database.execute(
        "CREATE TABLE tickets AS SELECT i AS ticket, 3 + (hash(i) % 12)::INT AS steps, "
        "epoch_us(TIMESTAMP '2024-01-01') + (hash(i * 7) % 63072000)::BIGINT * 1000000 AS opened, "
        "'Category ' || hash(i * 11) % 60 AS category, 1 + hash(i * 13) % 4 AS priority "
        f"FROM range({tickets}) AS t(i)"
    ).fetchall()
    database.execute(
        "COPY (SELECT 'INC' || lpad(ticket::VARCHAR, 8, '0') AS ticket, step, "
        "strftime(make_timestamp(opened + step * (60 + hash(ticket * 31 + step) % 172800)::BIGINT "
        "* 1000000), '%Y-%m-%dT%H:%M:%SZ') AS at, "
        "strftime(make_timestamp(opened), '%Y-%m-%dT%H:%M:%SZ') AS opened, "
        "CASE WHEN step = 0 THEN 'New' WHEN step = steps - 1 THEN 'Closed' "
        "WHEN step = steps - 2 THEN 'Resolved' ELSE ['Active', 'Active', 'Awaiting user', "
        "'Awaiting vendor'][1 + (hash(ticket * 17 + step) % 4)::INT] END AS state, "
        "'Team ' || hash(ticket * 3 + step // 3) % 60 AS team, "
        "'person' || hash(ticket * 5 + step // 2) % 900 AS person, priority, category "
        "FROM tickets, range(15) AS s(step) WHERE step < steps ORDER BY opened + step) "
        f"TO {quoted(str(file))} (FORMAT csv, HEADER)"
    ).fetchall()
    [(rows,)] = database.execute(
        f"SELECT count(*) FROM read_csv({quoted(str(file))}, all_varchar = true)"
    ).fetchall()
    database.close()
    return int(rows)


if __name__ == "__main__":
    sys.stdout.write(f"{_write(Path(sys.argv[1]), int(sys.argv[2]))}\n")

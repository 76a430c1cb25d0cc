"""Two workspaces that should look alike to a vendor: one holds all tickets, one the vendor's alone.

What a rule hides must leave no trace: no number, list, chart or message may differ between them.
"""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from opsgauge.foundation.settings import DEFAULT_SETTINGS, Workspace, make_workspace
from opsgauge.operations.context import Context
from opsgauge.operations.demo import export
from opsgauge.operations.ingest import ingest

MINE, THEIRS = "Acme Mine", "Globex Theirs"
TICKETS = 450
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
# In an export beside the tickets: the column that names a ticket, else the one of the vendor.
TIED = {
    "approvals": "record",
    "article_uses": "ticket",
    "changes": "number",
    "contacts": "ticket",
    "deployments": "release",
    "notes": "record",
    "surveys": "ticket",
}
# A tie to another's ticket is hidden; in the vendor's own export there is none.
TIES = ("parent", "problem", "fixed_by_change", "caused_by_change", "article")
_UNTIED = ", ".join(
    f"CASE WHEN {tie} NOT IN (SELECT number FROM log WHERE vendor = '{THEIRS}') THEN {tie} END "
    f"AS {tie}"
    for tie in TIES
)
_MINE = f"SELECT * REPLACE ({_UNTIED}) FROM log WHERE vendor = '{MINE}'"
OF_VENDOR = ("services", "configuration_items", "costs", "contracts")
# A ticket tells the tier of its service, so that much of others' services is the vendor's to see.
TIERS_ALONE = "CASE WHEN row_no % 2 = 0 THEN {0} END AS {0}"


def twins(folder: Path) -> tuple[Workspace, Workspace]:
    """Return the workspace with all tickets, and the one with the vendor's alone."""
    source = folder / "export"
    source.mkdir()
    made = export(source, lambda: NOW, TICKETS)
    [log] = made.files
    database = duckdb.connect()
    database.execute(f"CREATE TABLE log AS SELECT * FROM '{log}'")
    database.execute(
        f"""UPDATE log SET vendor = CASE WHEN number IN
          (SELECT number FROM log GROUP BY number
           HAVING hash(number) % 3 = 0 OR min(updated_at) = (SELECT min(updated_at) FROM log)
             OR max(updated_at) = (SELECT max(updated_at) FROM log)
             OR min(opened_at) = (SELECT min(opened_at) FROM log))
          THEN '{MINE}' ELSE '{THEIRS}' END"""
    )
    workspaces = []
    for name, mine in (("all", False), ("mine", True)):
        workspace = make_workspace(folder / name, DEFAULT_SETTINGS)
        files = folder / f"{name}-files"
        files.mkdir()
        ctx = Context(workspace)
        for file, mapping in made.beside:
            if _written(database, file, files, mine):
                ingest(ctx, [files / file.name], str(mapping))
        database.execute(f"COPY ({_MINE if mine else 'FROM log'}) TO '{files / log.name}'")
        ingest(ctx, [files / log.name], str(made.mapping))
        _keep(workspace.path / "calendars", made.calendars)
        _keep(workspace.path / "service_levels", [made.service_levels])
        ctx.database.close()
        workspaces.append(workspace)
    database.close()
    return workspaces[0], workspaces[1]


def _written(database: duckdb.DuckDBPyConnection, file: Path, where: Path, mine: bool) -> bool:
    """Write an export beside the tickets, or the vendor's part of it; say whether there is any."""
    read = f"(SELECT *, row_number() OVER () AS row_no FROM read_csv('{file}', all_varchar = true))"
    kept, columns = "true", "* EXCLUDE row_no"
    if file.stem in OF_VENDOR:
        columns += (
            f" REPLACE (CASE WHEN row_no % 2 = 0 THEN '{MINE}' ELSE '{THEIRS}' END AS vendor)"
        )
        kept = "row_no % 2 = 0"
        if file.stem == "services" and mine:
            kept, columns = "true", _tiers_alone(database, read)
    elif file.stem in TIED:
        kept = f"{TIED[file.stem]} IN (SELECT number FROM log WHERE vendor = '{MINE}')"
    elif mine:
        return False  # of nobody's tickets: hidden from a vendor
    query = f"SELECT {columns} FROM {read}" + (f" WHERE {kept}" if mine else "")
    [[rows]] = database.execute(f"SELECT count(*) FROM ({query})").fetchall()
    database.execute(f"COPY ({query}) TO '{where / file.name}' (HEADER)")
    return bool(rows)


def _tiers_alone(database: duckdb.DuckDBPyConnection, read: str) -> str:
    """Return the columns of the vendor's services, with nothing of others' but name and tier."""
    described = database.execute(f"DESCRIBE SELECT * EXCLUDE row_no FROM {read}").fetchall()
    told = [str(name) for name, *_ in described]
    own = [name if name in ("name", "tier") else TIERS_ALONE.format(name) for name in told]
    at = told.index("vendor")
    own[at] = f"CASE WHEN row_no % 2 = 0 THEN '{MINE}' END AS vendor"
    return ", ".join(own)


def _keep(folder: Path, files: Iterable[Path]) -> None:
    folder.mkdir(exist_ok=True)
    for file in files:
        shutil.copy(file, folder / file.name)


def theirs_alone(workspace: Workspace) -> frozenset[str]:
    """Return the numbers of tickets that are not the vendor's."""
    ctx = Context(workspace)
    tickets = ctx.tables.tickets
    rows = ctx.opened().engine.run(tickets.filter(tickets.vendor == THEIRS).select("ticket_id"))
    return frozenset(rows["ticket_id"].to_pylist())

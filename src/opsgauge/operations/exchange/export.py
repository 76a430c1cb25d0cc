"""Taking the log away as a file: XES, CSV, OCEL 2.0 as JSON or SQLite, with its mapping.

Floor 5. Nobody sees half a file: it is written beside its place and put there whole. Whoever takes
one away leaves a line in the audit before it is theirs.
"""

import gzip
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import DiskFull, QueryWrong, did_you_mean
from opsgauge.foundation.full_disk import is_full_disk
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.exchange.cases import CLASSICAL, VIEWS, Cases, csv_columns
from opsgauge.operations.exchange.reading_back import begun, mapping_of, of_cases
from opsgauge.operations.exchange.reading_objects import of_objects
from opsgauge.operations.exchange.things import Things
from opsgauge.operations.exchange.told import Taken, taken
from opsgauge.operations.exporting import note_export
from opsgauge.operations.flow import Selection
from opsgauge.sources.exchange.cases import write_csv, write_xes
from opsgauge.sources.exchange.objects import write_json
from opsgauge.sources.exchange.objects_sqlite import write_sqlite

XES, CSV, OCEL_JSON, OCEL_SQLITE = "xes", "csv", "ocel-json", "ocel-sqlite"
ENDINGS = {XES: ".xes", CSV: ".csv", OCEL_JSON: ".jsonocel", OCEL_SQLITE: ".sqlite"}
FORMS = tuple(ENDINGS)
OF_OBJECTS = (OCEL_JSON, OCEL_SQLITE)
MEDIA = {
    XES: "application/xml",
    CSV: "text/csv; charset=utf-8",
    OCEL_JSON: "application/json",
    OCEL_SQLITE: "application/vnd.sqlite3",
}


@dataclass(frozen=True)
class LogAsked:
    """Which log is taken away: its form, of cases the view, of which source and tickets."""

    form: str = XES
    view: str = CLASSICAL
    source: str | None = None
    chosen: Selection = field(default_factory=Selection)


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes
    ----------
    mappings : the mappings that read it back, by the table they fill
    objects, ties : of a log of objects; 0 of cases
    notes : what a reader should know of it
    """

    form: str
    source: str
    tickets: int
    events: int
    mappings: dict[str, str]
    objects: int = 0
    ties: int = 0
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        told = {"mappings": self.mappings, "notes": list(self.notes)}
        return {**self.counts(), **told}

    def counts(self) -> dict[str, Any]:
        """Return how much was written, of what."""
        return {
            "form": self.form,
            "source": self.source,
            "tickets": self.tickets,
            "events": self.events,
            "objects": self.objects,
            "ties": self.ties,
        }


def form_of(name: str) -> str:
    """Return the form of a log that the name of a file asks for.

    Raises
    ------
    QueryWrong : its ending is none of them

    Examples
    --------
    >>> form_of("desk.xes.gz"), form_of("desk.jsonocel")
    ('xes', 'ocel-json')
    """
    plain = name.lower().removesuffix(".gz")
    for form, ending in ENDINGS.items():
        if plain.endswith(ending):
            return form
    raise QueryWrong(
        f"What form {name!r} should have cannot be told from its name.",
        hint=f"Say it: {', '.join(FORMS)}; or let it end in {', '.join(ENDINGS.values())}.",
    )


def export_log(ctx: Context, to: Path, asked: LogAsked) -> Exported:
    """Write the log of a source's tickets into a file.

    Needs `ticket:read`. Who did what is in it only where the actor may see it, and teams of too
    few people are told together.

    Raises
    ------
    QueryWrong : no ticket fits, or too few; there is no such form, view or source; the file exists
    """
    ctx.require("ticket:read")
    _check(asked, to)
    ctx = ctx.holding()
    tickets = taken(ctx, asked.chosen, asked.source)
    note_export(ctx, f"the log as {asked.form}", _told(asked, tickets), tickets.total)
    with _whole(to) as beside:
        done = (_objects if asked.form in OF_OBJECTS else _cases)(ctx, beside, asked, tickets)
        tickets.note_persons(f"log as {asked.form}")
    return done


def keep_mappings(done: Exported, folder: Path) -> list[Path]:
    """Write the mappings that read a log back into a folder; return their files.

    Raises
    ------
    QueryWrong : the folder holds one of that name
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"{done.source}_{table}.yaml": text for table, text in done.mappings.items()}
    for file in files:
        if file.exists():
            raise QueryWrong(f"There is a file {file} already.", hint="Name another folder.")
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)


def _check(asked: LogAsked, to: Path) -> None:
    if asked.form not in FORMS:
        raise QueryWrong(
            f"There is no form {asked.form!r} of a log.", hint=did_you_mean(asked.form, FORMS)
        )
    if asked.view not in VIEWS:
        raise QueryWrong(
            f"There is no view {asked.view!r} of a log.", hint=did_you_mean(asked.view, VIEWS)
        )
    if asked.form == OCEL_SQLITE and to.name.lower().endswith(".gz"):
        raise QueryWrong("A database cannot be written gzipped.", hint="Pack it afterwards.")
    if to.exists():
        raise QueryWrong(
            f"There is a file {to.name} already.", hint="Move it away, or give another name."
        )
    if not to.parent.is_dir():
        raise QueryWrong(f"There is no folder {to.parent}.", hint="Make it first.")


def _told(asked: LogAsked, tickets: Taken) -> dict[str, Any]:
    chosen = asked.chosen
    where: list[Condition] = list(chosen.where)
    days = {"from": chosen.from_, "to": chosen.to}
    return {
        "source": tickets.source,
        "view": asked.view,
        **({"where": [written(each) for each in where]} if where else {}),
        **{name: day.isoformat() for name, day in days.items() if day},
    }


def _cases(ctx: Context, file: Path, asked: LogAsked, tickets: Taken) -> Exported:
    was = mapping_of(ctx, tickets.source)
    of_list = was is not None and was.shape == "tickets"
    cases = Cases(asked.view, of_list, begun(was))
    with _packed(file) as to:
        if asked.form == XES:
            events = write_xes(map(cases.trace, tickets), to)
        else:
            columns = csv_columns(was.attributes if was else ())
            rows = (row for ticket in tickets for row in cases.rows(ticket))
            events = write_csv(rows, columns, to)
    text = of_cases(tickets.source, cases, was, asked.form == CSV)
    return Exported(
        form=asked.form,
        source=tickets.source,
        tickets=tickets.total,
        events=events,
        mappings={"tickets": text},
        notes=_notes(tickets, of_list),
    )


def _objects(ctx: Context, file: Path, asked: LogAsked, tickets: Taken) -> Exported:
    was = mapping_of(ctx, tickets.source)
    of_list = was is not None and was.shape == "tickets"
    cases = Cases(CLASSICAL, of_list, begun(was))
    made = Things(tickets, cases)
    if asked.form == OCEL_SQLITE:
        done = write_sqlite(made.things(), made.happenings(), file)
    else:
        with _packed(file) as to:
            done = write_json(made.things(), made.happenings(), to)
    return Exported(
        form=asked.form,
        source=tickets.source,
        tickets=tickets.total,
        events=done.events,
        mappings=of_objects(tickets.source, made, was),
        objects=done.objects,
        ties=done.ties,
        notes=_notes(tickets, of_list),
    )


def _notes(tickets: Taken, of_list: bool) -> tuple[str, ...]:
    told = [tickets.together.note]
    if not tickets.shows_persons:
        told.append("Who did what is left out: it may not be seen here.")
    if of_list:
        told.append("The source lists tickets and tells no updates: events are moments of theirs.")
        told.append("What is read back is the newest state of the list.")
    return tuple(each for each in told if each)


@contextmanager
def _packed(file: Path) -> Iterator[IO[bytes]]:
    """Open a file to be written, gzipped where its name says so."""
    with file.open("wb") as plain:
        if file.name.endswith(".gz"):
            with gzip.GzipFile(filename="", mode="wb", fileobj=plain, mtime=0) as packed:
                yield packed  # type: ignore[misc]
        else:
            yield plain


@contextmanager
def _whole(to: Path) -> Iterator[Path]:
    """Give a place to write beside a file's own, which is put there once it is whole."""
    work = Path(tempfile.mkdtemp(prefix=".opsgauge-", dir=to.parent))
    try:
        yield work / to.name
        (work / to.name).replace(to)
    except (OSError, sqlite3.Error) as wrong:
        if not is_full_disk(wrong):
            raise
        raise DiskFull(
            f"There is no room to write {to.name}; nothing of it was kept.",
            hint="Make room, or write it to another disk.",
        ) from wrong
    finally:
        shutil.rmtree(work, ignore_errors=True)

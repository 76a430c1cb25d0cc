"""The mappings that read an exported log back, so that the same tickets come out of it.

Floor 5. What words mean is taken from the mapping by which the source was last imported, for the
file holds words, not what they mean; the columns are those of the file. A field that the source
never had is not read back either: it follows from history again.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.mapping import Mapping as Mapped
from opsgauge.log.mapping import parse_mapping
from opsgauge.log.shapes import at_opening, mapped
from opsgauge.log.tables import RECEIPTS
from opsgauge.operations.context import Context
from opsgauge.operations.exchange.cases import (
    ACTIVITY,
    AT,
    AT_FIRST,
    CASE,
    IN_CSV,
    INTERVAL,
    KIND,
    LINK,
    OF_CASES,
    OF_EVENTS,
    OF_LISTS,
    RECORDED,
    TRANSITION,
    UPDATE,
    Cases,
)
from opsgauge.warehouse.tables import read_rows

HEAD = "# Reads back the log that Opsgauge exported; made with it.\n"


def mapping_of(ctx: Context, source: str) -> Mapped | None:
    """Return the mapping by which a source's tickets were last imported; None where it is lost."""
    version = ctx.opened().version
    if RECEIPTS.name not in version.tables:
        return None
    files = ctx.warehouse.files(RECEIPTS.name, version.tables[RECEIPTS.name])
    rows = [row for file in files for row in read_rows(file) if row["source"] == source]
    if not rows:
        return None
    newest = max(rows, key=lambda row: (row["received_at"], str(row["import_id"])))
    try:
        return parse_mapping(str(newest["mapping"]), source)
    except MappingWrong:  # written for a format that is read no longer
        return None


def begun(was: Mapped | None) -> tuple[str, ...]:
    """Return the fields of which a source tells what held at the opening, beside its updates."""
    found = at_opening(was) if was and was.shape != "tickets" else {}
    return tuple(name for name, column in found.items() if column != name)


def of_cases(source: str, cases: Cases, was: Mapped | None, in_csv: bool) -> str:
    """Return the mapping that reads cases back.

    Parameters
    ----------
    cases : as they were written, with the names used
    was : the mapping that the source was imported by
    """

    def column(name: str) -> str:
        if not in_csv:
            return name
        return "case" if name == f"case:{CASE}" else IN_CSV.get(name, name)

    only: dict[str, Any] = {KIND: [UPDATE]} if cases.view == INTERVAL else {}
    if cases.view == INTERVAL and not in_csv:
        only[TRANSITION] = ["start"]
    return of_tickets(source, cases, was, column, only, in_csv)


def of_tickets(
    source: str,
    cases: Cases,
    was: Mapped | None,
    column: Callable[[str], str],
    only: Mapping[str, Any],
    in_csv: bool = False,
) -> str:
    """Return the mapping that reads tickets back.

    Parameters
    ----------
    column : gives the column of what cases call by a name
    only : which records of the file are meant
    in_csv : the file is a CSV, in which texts that begin like a formula are marked
    """
    made = {
        "source": source,
        "shape": "tickets" if cases.of_list else "updates",
        "practice": practice_of(cases.practices, column("case:practice")),
        "ticket_id": column(f"case:{CASE}"),
        "only": dict(only),
        "times": {"formats": ["iso"]},
        "formula_marks": "yes" if in_csv else "",
        "order": [] if cases.of_list else [column("seq")],
        "fields": {name: column(key) for name, key in _fields(cases, was).items()},
        **meaning(was, sorted(cases.programs), "actor" in cases.used),
        "opening": {
            name: column(f"case:{AT_FIRST}{name}")
            for name in cases.at_first
            if f"case:{AT_FIRST}{name}" in cases.used
        },
        "attributes": {
            name.removeprefix("case:attributes."): column(name)
            for name in cases.used
            if name.startswith("case:attributes.")
        },
        "links": [{"kind": kind, "column": column(f"{LINK}{kind}")} for kind in cases.links],
    }
    return written(made)


def _fields(cases: Cases, was: Mapped | None) -> dict[str, str]:
    """Return the name in the log of each field that is read back."""
    had = {*mapped(was), "updated_at"} if was else {*OF_EVENTS, "opened_at", "updated_at"}
    if cases.of_list:
        had = had if was and "updated_at" in was.fields else had - {"updated_at"}
        names = {name: f"case:{name}" for name in (*OF_LISTS, "updated_at")}
    else:
        at = RECORDED if cases.view == INTERVAL else AT
        names = {"updated_at": at, **OF_EVENTS, **{name: f"case:{name}" for name in OF_CASES}}
    return {
        name: key
        for name, key in names.items()
        if key in cases.used and (name in had or key == ACTIVITY)
    }


def practice_of(met: Iterable[str], column: str) -> Any:
    """Return how the practice is read: the only one there is, or a column."""
    words = list(met)
    return words[0] if len(words) == 1 else {"column": column, "words": {w: w for w in words}}


def meaning(was: Mapped | None, programs: list[str], signed: bool) -> dict[str, Any]:
    """Return what words mean: phases, closing, and who is a program.

    Parameters
    ----------
    programs : those met; where none was, that all others are persons is still known
    signed : the log says who made an update
    """
    if was is None:
        return {}
    phases = [
        {**({"from": str(each.since)} if each.since else {}), "words": dict(each.words)}
        for each in was.phases
    ]
    return {
        "phases": phases if len(phases) > 1 or any("from" in p for p in phases) else _only(phases),
        "closing_resolves": "yes" if was.closing_resolves else "",
        "automatic": (programs or list(was.automatic)) if signed else [],
    }


def _only(phases: list[dict[str, Any]]) -> Any:
    return phases[0]["words"] if phases else {}


def written(made: Mapping[str, Any]) -> str:
    """Return a mapping as text, without the keys that say nothing."""
    said = {key: value for key, value in made.items() if value}
    return HEAD + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)

"""The mappings that read an exported log of objects back, one for each table it fills.

Floor 5. The columns are those that `sources/tools/files/object_log.py` makes of such a file.
"""

from typing import Any

from opsgauge.log.mapping import Mapping
from opsgauge.log.related import (
    ARTICLE_USES,
    ARTICLES,
    CHANGES,
    CONFIGURATION_ITEMS,
    DEPENDENCIES,
)
from opsgauge.operations.exchange.cases import AT, CASE, IN_CSV
from opsgauge.operations.exchange.reading_back import of_tickets, written
from opsgauge.operations.exchange.things import (
    ARTICLE,
    DEPENDENCY,
    ITEM,
    KNOWN_ERROR,
    OF_CHANGE,
    TOLD,
    UPDATED,
    USE,
    USED,
    YES,
    Things,
)
from opsgauge.sources.tools.files.object_rows import (
    EVENT_ATTRIBUTE,
    EVENT_TIME,
    EVENT_TYPE,
    OBJECT_ATTRIBUTE,
    OBJECT_ID,
    OBJECT_TYPE,
    QUALIFIER,
)

STANDARD = {f"case:{CASE}": OBJECT_ID, "case:practice": OBJECT_TYPE}


def of_objects(source: str, made: Things, was: Mapping | None) -> dict[str, str]:
    """Return the mappings that read a log of objects back, by table.

    Parameters
    ----------
    was : the mapping that the source's tickets were imported by
    """
    cases = made.cases
    only = {OBJECT_TYPE: list(cases.practices), QUALIFIER: [UPDATED]}
    found = {"tickets": of_tickets(source, cases, was, column_of, only)}
    objects = {
        CONFIGURATION_ITEMS.name: ([ITEM], ""),
        DEPENDENCIES.name: ([DEPENDENCY], ""),
        ARTICLES.name: ([ARTICLE, KNOWN_ERROR], ""),
        CHANGES.name: (["change"], OF_CHANGE),
    }
    for table, (types, before) in objects.items():
        names = made.named.get(table, set())
        columns = {name: f"{OBJECT_ATTRIBUTE}{before}{name}" for name in sorted(names)}
        if names:
            told = {OBJECT_TYPE: types, f"{OBJECT_ATTRIBUTE}{before}{TOLD}": [YES]}
            found[table] = _of_table(source, table, told, columns)
    used = sorted(made.named.get(ARTICLE_USES.name, set()))
    if used:
        columns = {name: f"{EVENT_ATTRIBUTE}{name}" for name in used} | {"used_at": EVENT_TIME}
        only = {EVENT_TYPE: [USE], QUALIFIER: [USED]}
        found[ARTICLE_USES.name] = _of_table(source, ARTICLE_USES.name, only, columns)
    return found


def column_of(name: str) -> str:
    """Return the column of a log of objects for what cases call by a name.

    Examples
    --------
    >>> column_of("case:impact"), column_of("org:group"), column_of("link:caused_by")
    ('object:impact', 'event:team', 'event:link:caused_by')
    """
    if name in STANDARD:
        return STANDARD[name]
    if name == AT:
        return EVENT_TIME
    if name.startswith("case:"):
        return f"{OBJECT_ATTRIBUTE}{name.removeprefix('case:')}"
    return f"{EVENT_ATTRIBUTE}{IN_CSV.get(name, name)}"


def _of_table(source: str, table: str, only: dict[str, Any], columns: dict[str, str]) -> str:
    return written(
        {
            "source": source,
            "table": table,
            "only": only,
            "times": {"formats": ["iso"]},
            "fields": columns,
        }
    )

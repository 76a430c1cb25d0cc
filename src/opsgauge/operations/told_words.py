"""Words of descriptions that may be told to anybody: none that somebody is called by.

Floor 5.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from opsgauge.analysis.causes.words import Vocabulary, names_in, vocabulary, without
from opsgauge.log.privacy import digest_of
from opsgauge.log.tables import HISTORY, PERSONS
from opsgauge.operations.context import Context
from opsgauge.warehouse.tables import read_rows


def told_words(
    ctx: Context, texts: Sequence[str | None], requesters: Sequence[str | None]
) -> Vocabulary:
    """Return the words of descriptions that may be told, without those that people are called by.

    Parameters
    ----------
    texts, requesters : of each ticket, None where there is none
    """
    told = vocabulary(texts, requesters)
    return without(told, _of_people(ctx, filter(None, texts), told.words))


def _of_people(ctx: Context, texts: Iterable[str], words: Collection[str]) -> frozenset[str]:
    """Return the words, in small letters, that people of the records are called by in texts."""
    opened, key = ctx.opened(), ctx.workspace.secret()
    known = {str(row["digest"]) for row in _persons(ctx)}
    history = ctx.tables.history
    for name in [column.name for column in HISTORY.columns if column.person]:
        values = opened.engine.run(history.select(who=history[name]).distinct())["who"].to_pylist()
        known |= {str(each) for each in values}  # names, where they are kept as they are
    return frozenset(
        part
        for name, parts in names_in(texts, frozenset(words)).items()
        if name in known or digest_of(name, key) in known
        for part in parts
    )


def _persons(ctx: Context) -> list[dict[str, Any]]:
    version = ctx.opened().version
    if PERSONS.name not in version.tables:
        return []
    files = ctx.warehouse.files(PERSONS.name, version.tables[PERSONS.name])
    return [row for file in files for row in read_rows(file)]

"""Words of descriptions and notes that may be told to anybody: none that somebody is called by.

Floor 5.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.causes.words import (
    Vocabulary,
    names_in,
    of_few_writers,
    vocabulary,
    without,
)
from opsgauge.foundation.errors import ColumnsMissing
from opsgauge.log.privacy import digest_of
from opsgauge.log.related import NOTES
from opsgauge.log.tables import HISTORY, PERSONS
from opsgauge.operations.context import Context
from opsgauge.warehouse.tables import read_rows

KEEP = (
    "keep_text = true in the settings keeps them from the next import on; see the guide Where to "
    "look for causes."
)


def kept_texts(ctx: Context, texts: pa.ChunkedArray) -> list[str | None]:
    """Return texts as fetched, none of them where the settings keep no text.

    A text can be there nonetheless: kept under other settings, or in a column that was mapped as a
    text only after its files had come in.
    """
    return texts.to_pylist() if ctx.workspace.settings.keep_text else [None] * len(texts)


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


def words_of_notes(
    ctx: Context, tickets: ir.Table, rows: pa.Table
) -> tuple[list[str | None], Vocabulary]:
    """Return what the notes of tickets say, those of a ticket as one text, and the words of it.

    A word that few people wrote is not told, as none that few people's tickets have.

    Parameters
    ----------
    tickets : those that were chosen
    rows : the same as fetched: source, ticket_id, requester

    Raises
    ------
    ColumnsMissing : there are no notes, or their text is not kept
    """
    opened = ctx.opened()
    if NOTES.name not in opened.version.tables:
        raise ColumnsMissing(
            "No notes are imported, so there are no words of them.",
            hint="The guide Records beside the tickets says how notes come in.",
        )
    notes = ctx.tables.related[NOTES.name]
    mine = notes.semi_join(tickets, ["source", "ticket_id"])
    asked = mine.select("source", "ticket_id", "note_id", "author", "text")
    # Read, and not run: texts are not to be remembered.
    said = opened.engine.read(asked.filter(asked.text.notnull())).sort_by(
        [("source", "ascending"), ("note_id", "ascending")]
    )
    texts = [text or "" for text in kept_texts(ctx, said["text"])]
    writers = said["author"].to_pylist()
    if not any(texts):
        raise ColumnsMissing(
            "Notes are imported, but none of these tickets has one whose text is kept, so there "
            "are no words of them.",
            hint=KEEP,
        )
    by_ticket: dict[tuple[str, str], list[str]] = {}
    numbers = (said["source"].to_pylist(), said["ticket_id"].to_pylist())
    for *key, text in zip(*numbers, texts, strict=True):
        by_ticket.setdefault((key[0], key[1]), []).append(text)
    keys = zip(rows["source"].to_pylist(), rows["ticket_id"].to_pylist(), strict=True)
    joined = ["\n".join(by_ticket[key]) if key in by_ticket else None for key in keys]
    told = told_words(ctx, joined, rows["requester"].to_pylist())
    return joined, without(told, of_few_writers(told.words, texts, writers))


def _of_people(ctx: Context, texts: Iterable[str], words: Collection[str]) -> frozenset[str]:
    """Return the words, in small letters, that people of the records are called by in texts."""
    opened, key = ctx.opened(), ctx.workspace.secret()
    known = {str(row["digest"]) for row in _persons(ctx)}
    history = ctx.tables.history
    for name in [column.name for column in HISTORY.columns if column.person]:
        values = opened.engine.run(history.select(who=history[name]).distinct())["who"].to_pylist()
        known |= {str(each) for each in values}  # names, where they are kept as they are
    if NOTES.name in opened.version.tables:
        notes = ctx.tables.related[NOTES.name]
        authors = opened.engine.run(notes.select(who=notes.author).distinct())
        known |= {str(each) for each in authors["who"].to_pylist() if each}
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

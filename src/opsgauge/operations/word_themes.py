"""Themes in descriptions or notes: words by segment, and words that came up lately.

Floor 5. Only where the workspace keeps text. No name is told: neither a word that people of the
records are called by, nor one that is written as names are.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from opsgauge.analysis.causes.cases import Attribute, attribute_of
from opsgauge.analysis.causes.risk_score import Truths
from opsgauge.analysis.causes.words import Theme, Vocabulary, themes
from opsgauge.foundation.errors import ColumnsMissing, QueryWrong, did_you_mean
from opsgauge.foundation.units import whole
from opsgauge.log.periods import start_of_day
from opsgauge.operations.answers import Provenance, published
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import named, plain
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import meant_of_tickets, not_there_words
from opsgauge.operations.recurring import DAYS, MOST_DAYS
from opsgauge.operations.small_teams import told_together
from opsgauge.operations.told_words import KEEP, kept_texts, told_words, words_of_notes
from opsgauge.operations.valued import refuse_few
from opsgauge.operations.vital_few import GROUPS, TEAMS, USUAL
from opsgauge.warehouse.portable import EPOCH, micros, micros_at

LATELY = "lately"
TEXTS = (DESCRIPTIONS, NOTES) = ("descriptions", "notes")
WHERE = {DESCRIPTIONS: "the description", NOTES: "notes"}  # of one ticket
MOST_GROUPS, FEWEST_OF_A_GROUP = 20, 50
FIRST_PAGE = 100


@dataclass(frozen=True)
class Words:
    """Words by segment, and those that came up lately.

    Attributes
    ----------
    within : `DESCRIPTIONS` or `NOTES`
    n, written : tickets chosen, and those of them with such text
    rows : of each group, its words; `LATELY` of the last days against all before
    """

    by: str
    within: str
    since: date
    days: int
    n: int
    written: int
    rows: tuple[tuple[str | None, tuple[Theme, ...]], ...]
    lately: tuple[Theme, ...]
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say what came up lately."""
        if not self.lately:
            return f"No word came up in the last {self.days} days more than before"
        told = ", ".join(f"“{each.word}”" for each in self.lately[:3])
        return f"Of the last {self.days} days more than before: {told}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        every: list[tuple[str, str | None, Theme]] = [(LATELY, None, each) for each in self.lately]
        every += [(self.by, group, each) for group, told in self.rows for each in told]
        return {
            "by": self.by,
            "in": self.within,
            "days": self.days,
            "since": self.since.isoformat(),
            "sentence": self.sentence(),
            "n": self.n,
            "written": self.written,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "rows": [{"segment": s, "group": group, **vars(each)} for s, group, each in every],
        }


@dataclass(frozen=True)
class _Read:
    """Tickets as fetched, which of them have text, and the words that may be told."""

    rows: pa.Table
    written: Truths
    found: Vocabulary
    groups: Attribute
    lately: Truths
    since: date
    note: str


def word_themes(
    ctx: Context,
    chosen: Selection,
    by: str = USUAL,
    days: int = DAYS,
    within: str = DESCRIPTIONS,
) -> Words:
    """Return words by the groups of a dimension, and those that came up lately.

    Needs `finding:read`.

    Raises
    ------
    QueryWrong : tickets have no such groups or texts, or no such length of days
    ColumnsMissing : no such text is kept
    """
    ctx.require("finding:read")
    ctx = ctx.holding()
    key = ("words", ctx.scope, chosen, by, days, within, ctx.workspace.settings.keep_text)
    return ctx.opened().once(key, lambda: _themes(ctx, chosen, by, days, within))


def _themes(ctx: Context, chosen: Selection, by: str, days: int, within: str) -> Words:
    read = _read(ctx, chosen, by, days, within)
    written = read.written
    sizes = np.bincount(read.groups.codes[written], minlength=len(read.groups.words))
    order = [
        at for at in np.argsort(-sizes, kind="stable").tolist() if sizes[at] >= FEWEST_OF_A_GROUP
    ][:MOST_GROUPS]
    told = [
        (read.groups.words[at], themes(read.found, read.groups.codes == at, written))
        for at in order
    ]
    notes = [*not_there_words(ctx, chosen.where), *filter(None, [read.note])]
    below = ctx.workspace.settings.suppress_below

    def enough(words: tuple[Theme, ...]) -> tuple[Theme, ...]:
        return tuple(each for each in words if each.n >= below)

    return Words(
        by=by,
        within=within,
        since=read.since,
        days=days,
        n=len(read.rows),
        written=int(written.sum()),
        rows=tuple((group, shown) for group, words in told if (shown := enough(words))),
        lately=enough(themes(read.found, read.lately, written)),
        notes=tuple(notes),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, (by, "opened_at")),
    )


def _read(ctx: Context, chosen: Selection, by: str, days: int, within: str) -> _Read:
    if within not in TEXTS:
        raise QueryWrong(f"Words are not sought in {within!r}.", hint=did_you_mean(within, TEXTS))
    if by not in GROUPS:
        raise QueryWrong(f"Tickets are not grouped by {by!r}.", hint=did_you_mean(by, GROUPS))
    if not 1 <= days <= MOST_DAYS:
        raise QueryWrong(f"{days} days is not from 1 to {MOST_DAYS}.", hint=f"Such as {DAYS}.")
    opened, tickets = ctx.opened(), chosen_tables(ctx, chosen).tickets
    asked = tickets.select(
        "source",
        "ticket_id",
        "description",
        "requester",
        grp=tickets[by],
        opened_us=micros(tickets.opened_at),
    )
    order = [("opened_us", "descending"), ("source", "ascending"), ("ticket_id", "ascending")]
    # Read, and not run: texts are not to be remembered.
    rows = opened.engine.read(asked).sort_by(order)
    if within == NOTES:
        texts, found = words_of_notes(ctx, tickets, rows)
    else:
        texts = kept_texts(ctx, rows["description"])
        if not any(texts):
            raise ColumnsMissing("No description is kept, so there are no words.", hint=KEEP)
        found = told_words(ctx, texts, rows["requester"].to_pylist())
    last = min(chosen.to or date.max, opened.periods.date_of(opened.watermark))
    since = last - timedelta(days=days - 1)
    begin = micros_at(start_of_day(since, ctx.workspace.zone))
    together = told_together(ctx, meant_of_tickets(ctx, chosen.where))
    groups = together.in_rows(rows, "grp") if by in TEAMS else rows
    return _Read(
        rows=rows,
        written=np.array([bool(each) for each in texts], np.bool_),
        found=found,
        groups=attribute_of("grp", groups["grp"]),
        lately=np.asarray(rows["opened_us"].to_numpy()) >= begin,
        since=since,
        note=together.note if by in TEAMS else "",
    )


@dataclass(frozen=True)
class WordTickets:
    """The tickets of a group that have a word; the newest first, without their text."""

    sentence: str
    total: int
    rows: tuple[dict[str, Any], ...]
    offset: int
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "total": self.total,
            "offset": self.offset,
            "data_version": self.provenance.data_version,
            "rows": [{k: published(v) for k, v in row.items()} for row in self.rows],
        }


@dataclass(frozen=True)
class WordAsked:
    """Which tickets: of a group of a dimension, or those of lately, with a word."""

    word: str
    by: str = USUAL
    group: str | None = None
    lately: bool = False
    days: int = DAYS
    within: str = DESCRIPTIONS


def word_tickets(ctx: Context, chosen: Selection, asked: WordAsked, offset: int = 0) -> WordTickets:
    """Return the tickets behind a word: as many as its n.

    Needs `finding:read` and `ticket:read`.

    Raises
    ------
    QueryWrong, ColumnsMissing : as above, or the word is none that is told
    """
    ctx.require("finding:read")
    ctx.require("ticket:read")
    ctx = ctx.holding()
    read = _read(ctx, chosen, asked.by, asked.days, asked.within)
    if asked.word not in read.found.words:
        raise QueryWrong(f"The word {asked.word!r} is not told.", hint="Choose one of the page.")
    words = read.groups.words
    code = words.index(asked.group) if asked.group in words else -1
    mask = read.lately if asked.lately else read.groups.codes == code
    at = np.flatnonzero(read.found.having(asked.word) & mask)
    refuse_few(ctx, len(at))
    of = (
        f"of the last {asked.days} days"
        if asked.lately
        else (f"of {plain(asked.by)} {named(asked.group, asked.by)}")
    )
    page = read.rows.select(["source", "ticket_id", "opened_us"]).take(at[offset:][:FIRST_PAGE])
    return WordTickets(
        f"{whole(len(at))} tickets {of} with the word “{asked.word}” in {WHERE[asked.within]}",
        len(at),
        tuple(
            {
                "source": row["source"],
                "ticket_id": row["ticket_id"],
                "opened_at": EPOCH + timedelta(microseconds=row["opened_us"]),
            }
            for row in page.to_pylist()
        ),
        offset,
        ctx.provenance(),
        let_through(ctx, (asked.by, "opened_at")),
    )

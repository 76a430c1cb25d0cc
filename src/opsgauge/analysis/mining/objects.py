"""Objects side by side: incident, problem, known error, change and article, and the time between.

Floor 4, analysis. A problem is followed from the detection of its first incident to the last that
came after its fix:

    detected -> problem -> known error -> fix made -> last recurrence

An incident is of a problem by a tie `problem_of`; it was detected at `detected_at`, else when it
was opened. A known error is told by the problem's own state or activity, or by an article of that
kind that the problem names, or one of its incidents where the article is younger than the problem;
it stands from that update, or from the publication of the article (else its creation). A fix is a
change that the problem names (`fixed_by`), made at its actual end, else when its ticket was
resolved, unless it was backed out; of several the first that was made counts. A recurrence is an
incident of the problem opened after it.
Source: ITIL 4, Problem management practice guide: problem identification, control, error control.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.related import ARTICLE_USES, ARTICLES, CHANGES
from opsgauge.metrics.criterion import spellings
from opsgauge.warehouse.portable import micros

KNOWN_ERROR = ("known error", "known_error")
PROBLEM_OF, FIXED_BY, USED_ARTICLE = "problem_of", "fixed_by", "used_article"
KEY = ["source", "ticket_id"]
ABOUT_ITEM = "about"  # the tie that the column configuration_item is
NOT_THERE = "not in the records"


def is_known_error(word: str | None, words: Sequence[str] = KNOWN_ERROR) -> bool:
    """Say whether a tool's word means a known error.

    Examples
    --------
    >>> is_known_error("Known Error"), is_known_error("How-to"), is_known_error(None)
    (True, False, False)
    """
    return word in spellings(words)


def _is_known_error(word: ir.Value, words: Sequence[str]) -> ir.BooleanValue:
    return word.isin(spellings(words)).fill_null(False)


def tie_rows(tables: LogTables, every: ir.Table, words: Sequence[str] = KNOWN_ERROR) -> ir.Table:
    """Return how many ties there are of each kind, between which types of object.

    Columns: from_type, kind, to_type, ties, from_objects, to_objects. `every` are all tickets that
    may be pointed at, also those that were not chosen.
    """
    links = tables.links.join(tables.tickets.select(*KEY, from_type="practice"), KEY)
    links = links.select(*KEY, "from_type", "kind", "to_id")
    there = every.select("source", to_id=every.ticket_id, ticket_type=every.practice)
    articles = tables.related[ARTICLES.name]
    known = articles.select(
        "source",
        to_id=articles.article_id,
        article_type=ibis.ifelse(_is_known_error(articles.kind, words), "known error", "article"),
    )
    found = _beside(_beside(links, there, ["source", "to_id"]), known, ["source", "to_id"])
    typed = found.select(
        *KEY,
        "from_type",
        "kind",
        "to_id",
        to_type=ibis.coalesce(found.article_type, found.ticket_type, ibis.literal(NOT_THERE)),
    )
    return _counted(typed.union(_items(tables), distinct=False))


def _items(tables: LogTables) -> ir.Table:
    tickets = tables.tickets.filter(tables.tickets.configuration_item.notnull())
    return tickets.select(
        *KEY,
        from_type=tickets.practice,
        kind=ibis.literal(ABOUT_ITEM),
        to_id=tickets.configuration_item,
        to_type=ibis.literal("configuration item"),
    )


def _beside(rows: ir.Table, others: ir.Table, on: list[str]) -> ir.Table:
    """Return rows with what others say of the same, null where they say nothing."""
    return rows.left_join(others, on).drop(*(f"{name}_right" for name in on))


def _counted(typed: ir.Table) -> ir.Table:
    whole = typed.mutate(
        from_key=typed.source + "/" + typed.ticket_id, to_key=typed.source + "/" + typed.to_id
    )
    return (
        whole.group_by("from_type", "kind", "to_type")
        .aggregate(
            ties=whole.count(),
            from_objects=whole.from_key.nunique(),
            to_objects=whole.to_key.nunique(),
        )
        .order_by(ibis.desc("ties"), "from_type", "kind", "to_type")
    )


def chain_rows(
    every: LogTables, problems: ir.Table, words: Sequence[str] = KNOWN_ERROR
) -> ir.Table:
    """Return a row per problem with its chain, moments as microseconds since 1970.

    Columns: source, ticket_id, opened, incidents, detected, known_error, fixed, recurrences,
    last_recurrence; null where the problem never came so far.

    Parameters
    ----------
    every : all that the actor sees, of which incidents and changes are
    problems : tickets, of which the problems are followed
    """
    problems = problems.filter(problems.practice == "problem")
    base = problems.select(*KEY, opened=micros(problems.opened_at))
    incidents = _incidents(every)
    first = incidents.group_by(KEY).aggregate(
        incidents=incidents.count(), detected=incidents.detected.min()
    )
    fixes = _fixes(every)
    fixed = fixes.group_by(KEY).aggregate(fixed=fixes.made.min())
    known = _known_errors(every, incidents, base, words)
    after = _after(incidents, fixed)
    joined = base
    for each in (first, known, fixed, after):
        joined = _beside(joined, each, KEY)
    return joined.mutate(
        incidents=joined.incidents.fill_null(0), recurrences=joined.recurrences.fill_null(0)
    ).order_by(*KEY)


def _incidents(tables: LogTables) -> ir.Table:
    """Return the incidents of each problem.

    Columns: source, ticket_id (the problem's), incident, began, detected.
    """
    ties = every_ties(tables, PROBLEM_OF)
    tickets = tables.tickets.filter(tables.tickets.practice == "incident")
    told = tickets.select(
        "source",
        incident=tickets.ticket_id,
        began=micros(tickets.opened_at),
        detected=ibis.coalesce(micros(tickets.detected_at), micros(tickets.opened_at)),
    )
    pairs = ties.select("source", incident=ties.ticket_id, ticket_id=ties.to_id).distinct()
    found = pairs.join(told, ["source", "incident"])
    return found.select(*KEY, "incident", "began", "detected")


def every_ties(tables: LogTables, kind: str) -> ir.Table:
    """Return the ties of one kind."""
    return tables.links.filter(tables.links.kind == kind).select("source", "ticket_id", "to_id")


def _fixes(tables: LogTables) -> ir.Table:
    """Return when each fix of a problem was made: source, ticket_id (the problem's), made."""
    ties = every_ties(tables, FIXED_BY)
    pairs = ties.select(*KEY, change_id=ties.to_id).distinct()
    changed = tables.tickets.filter(tables.tickets.practice == "change")
    tickets = changed.select(
        "source", change_id=changed.ticket_id, resolved=micros(changed.resolved_at)
    )
    changes = tables.related[CHANGES.name]
    told = changes.select(
        "source",
        "change_id",
        ended=micros(changes.actual_end),
        undone=changes.backed_out.fill_null(False),
    )
    on = ["source", "change_id"]
    found = _beside(_beside(pairs, tickets, on), told, on)
    rows = found.select(
        *KEY,
        made=ibis.coalesce(found.ended, found.resolved),
        undone=found.undone.fill_null(False),
    )
    return rows.filter(rows.made.notnull() & ~rows.undone).select(*KEY, "made")


def _known_errors(
    tables: LogTables, incidents: ir.Table, problems: ir.Table, words: Sequence[str]
) -> ir.Table:
    """Return since when each problem is a known error: source, ticket_id, known_error.

    An article that stood before the problem was opened is that of another one, unless the problem
    itself names it.
    """
    history = tables.history.filter(
        (tables.history.seq > 0) & (tables.history.practice == "problem")
    )
    named = _is_known_error(history.original_status, words) | _is_known_error(
        history.activity, words
    )
    by_state = history.filter(named).select(*KEY, at=micros(history.since))
    articles = tables.related[ARTICLES.name]
    known = articles.filter(_is_known_error(articles.kind, words)).select(
        "source",
        "article_id",
        at=micros(ibis.coalesce(articles.published_at, articles.created_at)),
    )
    ties = every_ties(tables, USED_ARTICLE)
    uses = tables.related[ARTICLE_USES.name].filter(lambda t: t.ticket_id.notnull())
    used = ties.select(*KEY, article_id=ties.to_id).union(
        uses.select(*KEY, "article_id"), distinct=True
    )
    own = used.join(known, ["source", "article_id"]).select(*KEY, "at")
    through = incidents.select("source", "incident", problem="ticket_id").join(
        used.select("source", "article_id", incident="ticket_id"), ["source", "incident"]
    )
    theirs = through.select("source", "article_id", ticket_id="problem").distinct()
    dated = theirs.join(known, ["source", "article_id"]).join(problems, KEY)
    by_article = own.union(dated.filter(dated["at"] >= dated.opened).select(*KEY, "at"))
    moments = by_state.union(by_article, distinct=False)
    dated = moments.filter(moments["at"].notnull())
    return dated.group_by(KEY).aggregate(known_error=dated["at"].min())


def _after(incidents: ir.Table, fixed: ir.Table) -> ir.Table:
    """Return the incidents of each problem after its fix: recurrences, last_recurrence."""
    rows = incidents.join(fixed, KEY)
    later = rows.filter(rows.began > rows.fixed)
    return later.group_by(KEY).aggregate(
        recurrences=later.count(), last_recurrence=later.began.max()
    )

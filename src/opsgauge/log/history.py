"""Updates as intervals, and tickets as their last interval: the SQL that makes both.

Floor 2. Any past state is `since <= t < until`. Order within a ticket is the mapping's; time never
runs backwards in it: an update dated before the one it follows starts where that one did, and
`opsgauge check` says how often.
"""

from opsgauge.log.answers import ANSWERS, AUTOMATIC, answers_sql
from opsgauge.log.mapping import Mapping
from opsgauge.log.mapping_fields import PERSONS
from opsgauge.log.privacy import alias_joins
from opsgauge.log.raw import IMPORT, ROW
from opsgauge.log.shapes import at_opening, mapped
from opsgauge.log.tables import HISTORY, OF_OUTAGES, TICKETS, Column
from opsgauge.log.untold import as_told, count_sql
from opsgauge.log.vocabulary import (
    BEFORE_RESPONSE,
    CLOSED_PHASE,
    DONE_PHASES,
    PENDING_PHASES,
    RESOLVED_PHASE,
    STEPS,
)
from opsgauge.warehouse.engine import name_of, quoted

# Columns of state that both an update and an interval have.
STATE = (
    "activity",
    "phase",
    "original_status",
    "team",
    "assignee",
    "priority",
    "category",
    "service",
    "actor",
    AUTOMATIC,
    "reopen_count",
    "handoff_count",
)
SQL_OF = {
    "text": "VARCHAR",
    "whole": "BIGINT",
    "yes_no": "BOOLEAN",
    "instant": "TIMESTAMP",
    "map": "MAP(VARCHAR, VARCHAR)",
}
ALWAYS = (
    "ticket_id",
    "practice",
    "seq",
    "since",
    "until",
    "open",
    "passage",
    "opened_at",
    "moved_us",
)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(quoted(word) for word in words)


DONE = f"({_listed(DONE_PHASES)})"


def keys_of(mapping: Mapping) -> str:
    """Return the columns that order a ticket's updates."""
    keys = [f"key_{n}" for n in range(max(len(mapping.order), 1))]
    return ", ".join([*keys, IMPORT, ROW, "part"])


def heads_sql(mapping: Mapping, updates: str) -> str:
    """Return one row per ticket: its first moment, its number of updates, its last update.

    Columns: ticket_id, ordinal (a number to group by, which is quicker than a text), first_at,
    updates, first (what the opening interval takes from the first update), last (what `tickets`
    takes from the last update as it is), opened_at, opened_month.
    """
    taken = ", ".join(f"{name} := l.{name}" for name in _of_tickets(mapping))
    taken_at_opening = {"happened_at": "happened_at", "practice": "practice", "phase": "phase"}
    begun = ", ".join(
        f"{name} := f.{column}" for name, column in (taken_at_opening | at_opening(mapping)).items()
    )
    opened = "opened_at" if "opened_at" in mapped(mapping) else "NULL::TIMESTAMP"
    # Only where they lie is aggregated, and the rows are fetched afterwards: to carry whole rows
    # through arg_min and arg_max takes twice as long.
    placed = f"(SELECT *, {_place(mapping)} AS place FROM {updates})"
    return (
        "SELECT e.ticket_id, row_number() OVER () AS ordinal, e.first_at, e.updates, "
        f"struct_pack({begun}) AS first, struct_pack({taken}) AS last, "
        "coalesce(e.opened, e.first_at) AS opened_at, "
        "strftime(coalesce(e.opened, e.first_at), '%Y-%m') AS opened_month FROM ("
        "SELECT ticket_id, min(happened_at) AS first_at, count(*) AS updates, "
        f"min(place) AS first_place, max(place) AS last_place, arg_max({opened}, place) AS opened "
        f"FROM {placed} GROUP BY ticket_id) AS e "
        f"JOIN {placed} AS f ON f.ticket_id = e.ticket_id AND f.place = e.first_place "
        f"JOIN {placed} AS l ON l.ticket_id = e.ticket_id AND l.place = e.last_place"
    )


def _place(mapping: Mapping) -> str:
    """Return the SQL of one value that orders a ticket's updates as `keys_of` does."""
    keys = ", ".join(f"{key}, 'ASC NULLS LAST'" for key in keys_of(mapping).split(", "))
    return f"create_sort_key({keys})"


def _of_tickets(mapping: Mapping) -> list[str]:
    has = set(mapped(mapping)) | {"activity", "phase", "practice", "attributes"}
    names = [c.name for c in TICKETS.columns if c.name in has and c.name != "opened_at"]
    return [*names, "happened_at"]


def history_sql(mapping: Mapping, updates: str, heads: str, aliases: str) -> str:
    """Return the rows of `history`, all columns in order.

    Parameters
    ----------
    updates : relation of updates (`shapes.updates_sql`)
    heads : relation made by `heads_sql`
    aliases : relation digest, alias of persons
    """
    told = {*mapped(mapping), "activity", "phase", *([AUTOMATIC] if mapping.automatic else [])}
    state = [name for name in STATE if name in told]
    if _named_by_status(mapping):
        state.remove("activity")  # it need not be carried twice through the sorting
    people = alias_joins([name for name in PERSONS if name in state], aliases, "u")
    rows = f"{updates} AS u JOIN {heads} AS h USING (ticket_id) {people}"
    return (
        f"WITH ordered AS ({_ordered(mapping, rows, state)}), "
        f"opening AS ({_opening(mapping, heads)}), "
        f"every AS (SELECT * FROM ordered UNION ALL BY NAME SELECT * FROM opening), "
        f"counted AS ({_counted(mapping, state)}) "
        f"SELECT {_history_columns(mapping, state)} FROM counted AS c"
    )


def _named_by_status(mapping: Mapping) -> bool:
    """Say whether an update is called what its state is called."""
    has = mapped(mapping)
    return mapping.shape != "tickets" and "activity" not in has and "original_status" in has


def _ordered(mapping: Mapping, rows: str, state: list[str]) -> str:
    """Order the updates; say when each began, and what was known before it."""
    team_before = "last_value(team IGNORE NULLS) OVER before" if "team" in state else "NULL"
    columns = ", ".join(
        f"{name}_alias.alias AS {name}" if name in PERSONS else f"u.{name}" for name in state
    )
    order = f"PARTITION BY h.ordinal ORDER BY {keys_of(mapping)}"
    return (
        "SELECT u.ticket_id, h.ordinal, u.practice, row_number() OVER upto AS seq, "
        "max(u.happened_at) OVER upto AS since, "
        "nullif(epoch_us(max(u.happened_at) OVER upto) - epoch_us(u.happened_at), 0) AS moved_us, "
        f"{columns}, {team_before} AS team_before, "
        "last_value(u.phase IGNORE NULLS) OVER before AS phase_before, "
        f"h.opened_at, h.opened_month FROM {rows} WINDOW "
        f"upto AS ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), "
        f"before AS ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )


def _next(step: str) -> str:
    return f"next_{step.removeprefix('original_')}"


def _opening(mapping: Mapping, heads: str) -> str:
    """Return the interval before the first update, where there is one.

    It stands also, without length, before a first update that is already done, so that a ticket is
    created before it is resolved.
    """
    carried = ", ".join(f"first.{name} AS {name}" for name in ("practice", *at_opening(mapping)))
    return (
        "SELECT ticket_id, ordinal, 0 AS seq, least(opened_at, first.happened_at) AS since, "
        f"'new' AS phase, NULL::VARCHAR AS phase_before, {carried}, opened_at, opened_month "
        f"FROM {heads} "
        f"WHERE first.happened_at > opened_at OR first.phase IN {DONE}"
    )


def _counted(mapping: Mapping, state: list[str]) -> str:
    """Say when each row ended and what followed, and name what it did to the backlog.

    Beside that, count reopenings and changes of team up to it. What follows is found here and not
    in `_ordered`, so that it need not be carried through a second sorting.
    """
    resolves = (RESOLVED_PHASE, CLOSED_PHASE) if mapping.closing_resolves else (RESOLVED_PHASE,)
    done_before = f"coalesce(before_it IN {DONE}, false)"
    done_now = f"coalesce(known_phase IN {DONE}, false)"
    passage = (
        "CASE WHEN first_row THEN 'created' "
        f"WHEN {done_before} AND NOT {done_now} THEN 'reopened' "
        f"WHEN NOT {done_before} AND {done_now} THEN "
        f"CASE WHEN known_phase IN ({_listed(resolves)}) THEN '{RESOLVED_PHASE}' "
        f"WHEN known_phase = '{CLOSED_PHASE}' THEN 'closed_unresolved' ELSE 'cancelled' END END"
    )
    moved = "seq > 0 AND team <> team_before" if "team" in state else "false"
    following = "".join(
        # The opening interval is no step, so none follows it.
        f", CASE WHEN seq > 0 THEN lead({name}) OVER whole END AS {_next(name)}"
        for name in STEPS
        if name in state
    )
    order = "PARTITION BY ordinal ORDER BY seq"
    return (
        "SELECT *, count(CASE WHEN passage = 'reopened' THEN 1 END) OVER upto AS reopened, "
        f"count(CASE WHEN {moved} THEN 1 END) OVER upto AS moved, "
        f"lead(since) OVER whole AS until{following} FROM ("
        f"SELECT *, NOT {done_now} AS open, {passage} AS passage FROM ("
        "SELECT *, seq = 0 OR (seq = 1 AND NOT (since > opened_at OR "
        f"coalesce(known_phase IN {DONE}, false))) AS first_row, "
        "CASE WHEN seq = 1 THEN 'new' ELSE phase_before END AS before_it FROM "
        "(SELECT *, coalesce(phase, phase_before) AS known_phase FROM every))) "
        f"WINDOW whole AS ({order}), "
        f"upto AS ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )


def _history_columns(mapping: Mapping, state: list[str]) -> str:
    made = {
        "source": quoted(mapping.source),
        "reopen_count": count_sql(mapping, "reopen_count", "reopened"),
        "handoff_count": count_sql(mapping, "handoff_count", "moved"),
        "elapsed_us": "epoch_us(c.until) - epoch_us(c.since)",
        "opened_month": "c.opened_month",
    }
    if "activity" not in state:
        made |= {"activity": "c.original_status", "next_activity": "c.next_status"}
    always = {*state, *ALWAYS, *(_next(name) for name in state if name in STEPS)}
    return ", ".join(
        stored(made.get(c.name, f"c.{c.name}" if c.name in always else "NULL"), c)
        for c in HISTORY.columns
    )


def stored(value: str, column: Column) -> str:
    """Return the SQL that hands a value over as the column's type.

    Instants stay naive UTC: the write gives them their zone, which costs the engine much.
    """
    return f"CAST({value} AS {SQL_OF[column.type]}) AS {name_of(column.name)}"


def summary_sql(mapping: Mapping, history: str, heads: str) -> str:
    """Return one row per ticket of what its history says; `history` is naive UTC."""
    pending = f"({_listed(PENDING_PHASES)})"
    silent = f"({_listed(BEFORE_RESPONSE)})"
    paths = ", ".join(f"{_path(name)} AS {_variant(name)}" for name in STEPS)
    entered = f"next_phase = '{CLOSED_PHASE}' AND phase IS DISTINCT FROM '{CLOSED_PHASE}'"
    return (
        f"WITH places AS ({_places(heads)}) "
        "SELECT ticket_id, any_value(open) FILTER (until IS NULL) AS open, "
        "any_value(reopen_count) FILTER (until IS NULL) AS reopen_count, "
        "any_value(handoff_count) FILTER (until IS NULL) AS handoff_count, "
        "max(since) AS last_update_at, arg_min(team, seq) AS first_team, "
        "min(since) FILTER (seq > 0 AND assignee IS NOT NULL) AS history_assigned_at, "
        f"min(since) FILTER (seq > 0 AND phase NOT IN {silent}) AS history_first_response_at, "
        f"{answers_sql(mapping)}, "
        f"max(since) FILTER (passage = '{RESOLVED_PHASE}') AS history_resolved_at, "
        f"coalesce(max(until) FILTER ({entered}), min(since) FILTER (phase = '{CLOSED_PHASE}')) "
        "AS history_closed_at, "
        "count(*) FILTER (passage = 'reopened') AS history_reopen_count, "
        f"{_moves(mapping)} AS history_handoff_count, "
        "coalesce(sum(elapsed_us) FILTER (open), 0)::BIGINT AS life_us, "
        f"coalesce(sum(elapsed_us) FILTER (open AND phase IN {pending}), 0)::BIGINT AS pending_us, "
        "coalesce(sum(elapsed_us) FILTER (open AND phase = 'pending_user'), 0)::BIGINT "
        f"AS pending_user_us, {paths} FROM {history} JOIN places USING (seq) GROUP BY ticket_id"
    )


def _path(step: str) -> str:
    """Return the SQL of the hash of a path: the sum of its steps' numbers, each times its place's.

    A sum needs no sorting. Both are numbers as good as random, of 52 and 50 bits, so two paths have
    one sum as seldom as two hashes of 50 bits are the same, and it fits for any length of path.
    """
    # Where no step is written, the number is any that stands for that.
    number = f"coalesce((md5_number({step}) >> 76)::HUGEINT, {1 << 51})"
    return f"printf('%032x', coalesce(sum({number} * weight), 0))"


def _places(heads: str) -> str:
    """Return the weight of each place in a path; the interval before the first is in none."""
    return (
        "SELECT 0 AS seq, 0::HUGEINT AS weight UNION ALL "
        "SELECT seq, (md5_number(seq::VARCHAR) >> 78)::HUGEINT "
        f"FROM (SELECT unnest(range(1, (SELECT max(updates) + 1 FROM {heads}))) AS seq)"
    )


def _variant(step: str) -> str:
    return "variant" if step == "activity" else f"variant_{step}"


def _moves(mapping: Mapping) -> str:
    """Count changes of team, unnamed teams skipped; a source's own count is not the history's."""
    if "handoff_count" not in mapped(mapping):
        return "max(handoff_count)"
    teams = "list(team ORDER BY seq) FILTER (seq > 0 AND team IS NOT NULL)"
    pairs = f"list_zip(({teams})[1:-2], ({teams})[2:])"
    return f"coalesce(len(list_filter({pairs}, lambda pair: pair[1] <> pair[2])), 0)"


def tickets_sql(mapping: Mapping, heads: str, summary: str, aliases: str) -> str:
    """Return the rows of `tickets`, all columns in order.

    A field of the source's own wins over what the history says, also where empty; both are kept.
    """
    has = set(mapped(mapping))
    last = {name: f"h.last.{name}" for name in _of_tickets(mapping)}
    derived = {c.name: f"s.{c.name}" for c in TICKETS.columns if c.name in SUMMARISED}
    moments = {
        "assigned_at": "s.history_assigned_at",
        "first_response_at": "s.history_first_response_at",
        "resolved_at": "s.history_resolved_at",
        "closed_at": "s.history_closed_at",
    }
    said = {name: last.get(name, sql) for name, sql in moments.items()}
    if mapping.closing_resolves and "resolved_at" in last:
        closed = f"CASE WHEN h.last.phase = '{CLOSED_PHASE}' THEN {moments['resolved_at']} END"
        said["resolved_at"] = f"coalesce({last['resolved_at']}, {closed})"
    for name in ("resolved_at", "closed_at"):  # reopened and not done again, it has no end yet
        said[name] = f"CASE WHEN NOT s.open THEN {said[name]} END"
    text = {"description_length": "NULL", "description": "NULL"}
    if "description" in has:
        # Where text is not kept, its length came in its place.
        text["description_length"] = (
            "coalesce(try_cast(h.last.description AS BIGINT), length(h.last.description))"
        )
        text["description"] = (
            "CASE WHEN try_cast(h.last.description AS BIGINT) IS NULL THEN h.last.description END"
        )
    made = (
        last
        | derived
        | said
        | text
        | {
            "source": quoted(mapping.source),
            "ticket_id": "h.ticket_id",
            "opened_at": "h.opened_at",
            # What people decided of these is laid over them later, see `decided.py`.
            **{f"own_{name}": last.get(name, "NULL") for name in OF_OUTAGES},
            "update_count": "h.updates",
            "opened_month": "h.opened_month",
        }
    )
    people = [name for name in PERSONS if name in last]
    made |= {name: f"{name}_alias.alias" for name in people}
    made = as_told(mapping, made, last)
    columns = ", ".join(stored(made.get(c.name, "NULL"), c) for c in TICKETS.columns)
    joins = alias_joins(people, aliases, "h.last")
    return f"SELECT {columns} FROM {heads} AS h JOIN {summary} AS s USING (ticket_id) {joins}"


SUMMARISED = {
    "open",
    "reopen_count",
    "handoff_count",
    "last_update_at",
    "first_team",
    *ANSWERS,
    "history_assigned_at",
    "history_first_response_at",
    "history_resolved_at",
    "history_closed_at",
    "history_reopen_count",
    "history_handoff_count",
    "life_us",
    "pending_us",
    "pending_user_us",
    *(_variant(step) for step in STEPS),
}

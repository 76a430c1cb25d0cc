"""Every table of the log: what a row is, and each column with its meaning and unit.

Floor 2. The Arrow schema that writes are cast to, the Ibis schema that queries are built on and
the reference in the documentation all come from here. `door.open_tables` is the only way in.
"""

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

TYPES: dict[str, tuple[pa.DataType, str]] = {
    "text": (pa.string(), "string"),
    "whole": (pa.int64(), "int64"),
    "number": (pa.float64(), "float64"),
    "yes_no": (pa.bool_(), "boolean"),
    "instant": (pa.timestamp("us", tz="UTC"), "timestamp(6)"),
    "day": (pa.date32(), "date"),
    "digest": (pa.binary(), "binary"),
    "map": (pa.map_(pa.string(), pa.string()), "map<string, string>"),
}


@dataclass(frozen=True)
class Column:
    """One column: its type (a key of `TYPES`), its meaning with unit, and what it may serve."""

    name: str
    type: str
    meaning: str
    dimension: bool = False  # may split and filter numbers
    person: bool = False  # names a person: never splits or filters a number
    required: bool = False  # never null


@dataclass(frozen=True)
class Table:
    """One table: what a row is, what tells rows apart, and its columns in order."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    dated_by: str = ""  # of related records: the moment that puts a row into a week or month

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def arrow_schema(self) -> pa.Schema:
        """Return the schema that every write is cast to."""
        return pa.schema(
            [pa.field(c.name, TYPES[c.type][0], nullable=not c.required) for c in self.columns]
        )

    def ibis_schema(self) -> dict[str, str]:
        """Return the schema that queries are built on; instants are naive UTC there."""
        return {column.name: TYPES[column.type][1] for column in self.columns}


def _key(meaning: str) -> tuple[Column, Column]:
    return (
        Column("source", "text", "Name of the source, from its mapping.", True, required=True),
        Column("ticket_id", "text", meaning, required=True),
    )


TICKETS = Table(
    "tickets",
    "one ticket as it stands",
    ("source", "ticket_id"),
    (
        *_key("The ticket's own number in its tool."),
        Column("practice", "text", "The ITIL practice it belongs to.", True, required=True),
        Column("opened_at", "instant", "When it was opened.", required=True),
        Column("assigned_at", "instant", "When somebody was first named to work on it."),
        Column("first_response_at", "instant", "When work on it or an answer first began."),
        Column(
            "first_human_response_at",
            "instant",
            "When a person first answered, by its history; null where nothing tells it.",
        ),
        Column(
            "first_automatic_response_at",
            "instant",
            "When a program answered before any person, by its history; null where a person came "
            "first or nothing tells it.",
        ),
        Column("resolved_at", "instant", "When it was last resolved; null while it is open again."),
        Column("closed_at", "instant", "When it was last closed; null while it is open again."),
        Column(
            "outage_started_at",
            "instant",
            "When the outage began: as people decided, else the source's own field.",
        ),
        Column(
            "detected_at",
            "instant",
            "When the outage was detected: as people decided, else the source's own field.",
        ),
        Column("own_outage_started_at", "instant", "The source's own field of its beginning."),
        Column("own_detected_at", "instant", "The source's own field of its detection."),
        Column("last_update_at", "instant", "Its latest recorded update.", required=True),
        Column("phase", "text", "Its phase; null where the tool's word is unmapped.", True),
        Column("open", "yes_no", "Whether it still needs work, by its last known phase.", True),
        Column("original_status", "text", "The tool's own word for its state.", True),
        Column("priority", "text", "Priority, in the tool's words.", True),
        Column("impact", "text", "Impact, in the tool's words.", True),
        Column("urgency", "text", "Urgency, in the tool's words.", True),
        Column("category", "text", "Category.", True),
        Column("subcategory", "text", "Subcategory.", True),
        Column("catalogue_item", "text", "What was ordered, for requests.", True),
        Column("service", "text", "The service concerned.", True),
        Column(
            "tier",
            "text",
            "How much the business depends on that service: 1 most, 4 least; as people decided, "
            "else as `services` has it.",
            True,
        ),
        Column("configuration_item", "text", "The configuration item concerned.", True),
        Column("team", "text", "The team that holds it now.", True),
        Column("first_team", "text", "The first team that held it.", True),
        Column("assignee", "text", "Who holds it now, as a pseudonym.", person=True),
        Column("requester", "text", "Who asked, as a pseudonym.", person=True),
        Column("channel", "text", "How it came in.", True),
        Column("location", "text", "Where the requester is.", True),
        Column("vendor", "text", "The vendor involved.", True),
        Column("resolution_code", "text", "How it was resolved, in the tool's words.", True),
        Column("major", "yes_no", "Whether it was declared a major incident.", True),
        Column(
            "first_response_automatic",
            "yes_no",
            "Whether its first answer was a program's; null where nothing tells it.",
            True,
        ),
        Column("sla_met", "yes_no", "The source's own flag that its service level was met.", True),
        Column("knowledge_used", "yes_no", "Whether a knowledge article was used.", True),
        Column("reopen_count", "whole", "Times it was reopened; null where nothing tells it."),
        Column("handoff_count", "whole", "Times it changed team; null where nothing tells it."),
        Column(
            "update_count",
            "whole",
            "Recorded updates; of a list of tickets, its moments.",
            required=True,
        ),
        Column("description_length", "whole", "Length of its description, in characters."),
        Column("description", "text", "Its description, where the workspace keeps text."),
        Column("attributes", "map", "Further fields named by the mapping."),
        Column(
            "deleted_at",
            "instant",
            "Null: a ticket gone at its source has no row here, see `deletions`.",
        ),
        Column("history_assigned_at", "instant", "First assignee by its history."),
        Column("history_first_response_at", "instant", "First response by its history."),
        Column("history_resolved_at", "instant", "Last resolution by its history."),
        Column("history_closed_at", "instant", "Last closing by its history."),
        Column(
            "history_reopen_count",
            "whole",
            "Reopenings by its history; of a list of tickets, null where none was seen.",
        ),
        Column(
            "history_handoff_count",
            "whole",
            "Changes of team by its history; null for a list of tickets, which has no updates.",
        ),
        Column("life_us", "whole", "Time from opening to resolution by history, microseconds."),
        Column("pending_us", "whole", "Of that, time in pending phases, microseconds."),
        Column("pending_user_us", "whole", "Of that, time pending the user, microseconds."),
        Column("variant", "text", "Hash of its path of activities."),
        Column("variant_phase", "text", "Hash of its path of phases."),
        Column("variant_original_status", "text", "Hash of its path of states."),
        Column("variant_team", "text", "Hash of its path of teams."),
        Column(
            "opened_month", "text", "UTC month of opening, YYYY-MM; the partition.", required=True
        ),
    ),
)

# Moments of tickets that people may decide over what the source has; beside each stands that.
OF_OUTAGES = ("outage_started_at", "detected_at")

HISTORY = Table(
    "history",
    "one ticket between two recorded updates: [since, until)",
    ("source", "ticket_id", "seq"),
    (
        *_key("The ticket's own number in its tool."),
        Column("practice", "text", "The ITIL practice it belongs to.", True, required=True),
        Column(
            "seq",
            "whole",
            "Order within the ticket: 1 is the first update; 0 is the opening interval before it, "
            "which counts in as-of, backlog and time, never as an update, step, arc or handoff.",
            required=True,
        ),
        Column("since", "instant", "Start of the interval.", required=True),
        Column("until", "instant", "Its end; null while it lasts."),
        Column("activity", "text", "What the update is called in process maps."),
        Column(
            "phase", "text", "Phase during the interval; null where the word is unmapped.", True
        ),
        Column("open", "yes_no", "Whether it needs work, by the last known phase.", required=True),
        Column("passage", "text", "What the update did to the backlog; null for most."),
        Column("original_status", "text", "The tool's own word for the state.", True),
        Column("team", "text", "The team that held it.", True),
        Column("assignee", "text", "Who held it, as a pseudonym.", person=True),
        Column("priority", "text", "Priority at the time.", True),
        Column("category", "text", "Category at the time.", True),
        Column("service", "text", "Service at the time.", True),
        Column("actor", "text", "Who made the update, as a pseudonym.", person=True),
        Column(
            "automatic",
            "yes_no",
            "Whether a program made the update; null where nothing tells it.",
        ),
        Column("reopen_count", "whole", "Reopenings up to then."),
        Column("handoff_count", "whole", "Changes of team up to then."),
        Column("opened_at", "instant", "When the ticket was opened.", required=True),
        Column("next_activity", "text", "Activity of the next update."),
        Column("next_phase", "text", "Phase of the next update."),
        Column("next_status", "text", "State of the next update."),
        Column("next_team", "text", "Team of the next update."),
        Column("elapsed_us", "whole", "Length of the interval, microseconds; null while it lasts."),
        Column(
            "moved_us",
            "whole",
            "How far the update was dated before the one it follows, microseconds; it starts where "
            "that one did. Null for updates in order.",
        ),
        Column(
            "opened_month", "text", "UTC month of opening, YYYY-MM; the partition.", required=True
        ),
    ),
)

LINKS = Table(
    "links",
    "two records tied",
    ("source", "ticket_id", "kind", "to_id"),
    (
        *_key("The ticket the tie starts from."),
        Column("kind", "text", "How they are tied.", True, required=True),
        Column("to_id", "text", "The record it points to.", required=True),
        Column("at", "instant", "When the tie was first seen."),
        Column(
            "opened_month", "text", "Month of the ticket's opening; the partition.", required=True
        ),
    ),
)

REJECTED = Table(
    "rejected",
    "one record that could not be used, with the reason",
    ("source", "content_hash"),
    (
        Column("source", "text", "Name of the source.", required=True),
        Column("content_hash", "digest", "Keyed hash of the record.", required=True),
        Column("file", "text", "Name of the file it came in.", required=True),
        Column("row", "whole", "Its row in the file, the first record being 1.", required=True),
        Column("column", "text", "The column at fault."),
        Column("reason", "text", "What is wrong with it.", required=True),
        Column("value", "text", "The value at fault, shortened; never a person's."),
        Column("import_id", "text", "The import that met it.", required=True),
    ),
)

PERSONS = Table(
    "persons",
    "one person, known by a keyed hash and shown by a pseudonym",
    ("digest",),
    (
        Column("digest", "text", "Keyed hash of the name.", required=True),
        Column("alias", "text", "The pseudonym, such as Agent 17.", person=True, required=True),
        Column("number", "whole", "The number in the pseudonym.", required=True),
    ),
)

ERASED = Table(
    "erased_persons",
    "one person who was erased",
    ("digest",),
    (
        Column(
            "digest",
            "text",
            "What stands in the place of their keyed hash: chance, made of nothing.",
            required=True,
        ),
        Column(
            "alias",
            "text",
            "Their pseudonym, which stays; null where none was given.",
            person=True,
        ),
        Column("last_number", "whole", "The highest pseudonym's number then.", required=True),
        Column("data_version", "whole", "The data version that the erasing made.", required=True),
    ),
)

RECEIPTS = Table(
    "receipts",
    "one file received: what was in it",
    ("import_id", "file"),
    (
        Column("import_id", "text", "The import.", required=True),
        Column("source", "text", "Name of the source.", required=True),
        Column("file", "text", "Name of the file.", required=True),
        Column("checksum", "text", "SHA-256 of the file.", required=True),
        Column("received_at", "instant", "When it was read.", required=True),
        Column("read", "whole", "Records read.", required=True),
        Column("accepted", "whole", "Records new and usable.", required=True),
        Column("duplicate", "whole", "Records already known.", required=True),
        Column("rejected", "whole", "Records that could not be used.", required=True),
        Column("earliest", "instant", "Earliest moment in its records."),
        Column("latest", "instant", "Latest moment in its records: the watermark."),
        Column("mapping", "text", "The mapping's text.", required=True),
        Column(
            "unmapped",
            "text",
            "Words without a mapping, JSON {field: {word: count}}.",
            required=True,
        ),
    ),
)

DELETIONS = Table(
    "deletions",
    "one time a ticket was found gone at its source, or back",
    ("source", "ticket_id", "place"),
    (
        *_key("The ticket's own number in its tool."),
        Column(
            "kind",
            "text",
            "Missing (from a full export), deleted (says the source) or merged; then back, or "
            "unsaid: the mapping no longer reads it so.",
            required=True,
        ),
        Column("at", "instant", "When the import that found it so was begun.", required=True),
        Column("place", "whole", "Place of its file among all received.", required=True),
        Column("file", "text", "Name of the file that said so, or lacked it.", required=True),
        Column("import_id", "text", "The import.", required=True),
        Column("merged_into", "text", "The ticket that it was merged into."),
        Column("practice", "text", "Its practice, as the rest here when it was last known."),
        Column("opened_at", "instant", "When it was opened."),
        Column("last_update_at", "instant", "Its latest recorded update."),
        Column("original_status", "text", "The tool's own word for its state."),
        Column("priority", "text", "Priority, in the tool's words."),
        Column("team", "text", "The team that held it."),
    ),
)

DEFINITIONS = Table(
    "definitions",
    "one file of the catalogue of metrics, as it was when a data version was made",
    ("file", "data_version"),
    (
        Column("file", "text", "Its name; built-in ones in a folder of that name.", required=True),
        Column("data_version", "whole", "The first version made with it so.", required=True),
        Column("checksum", "text", "SHA-256 of its text.", required=True),
        Column("text", "text", "Its text; empty where it is there no more.", required=True),
    ),
)

LOG_TABLES: tuple[Table, ...] = (TICKETS, HISTORY, LINKS)
KEPT_TABLES: tuple[Table, ...] = (
    *LOG_TABLES,
    REJECTED,
    PERSONS,
    ERASED,
    RECEIPTS,
    DELETIONS,
    DEFINITIONS,
)


@cache
def dimensions() -> tuple[str, ...]:
    """Return the names of the columns of `tickets` that may split and filter numbers."""
    return tuple(column.name for column in TICKETS.columns if column.dimension)

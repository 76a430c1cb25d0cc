"""The fields of a log of changes: which is ours, which name people, and who made the changes.

Floor 3. In such a log a column of people that stands in every row says who wrote the row, as a
rule; whom a ticket was given to is a change like any other.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from opsgauge.log.mapping_fields import CHANGEABLE
from opsgauge.sources.draft.columns import LOOKED, Sheet
from opsgauge.sources.draft.fields import Fields, named_for
from opsgauge.sources.draft.identity import Identity, Told
from opsgauge.sources.draft.kinds import Kind, Seen
from opsgauge.sources.draft.names import folded
from opsgauge.sources.draft.people import are_mails, are_names
from opsgauge.sources.draft.ties import names_people

NEVER_A_FIELD = ("description",)  # a row per changed field is of no use for its length
EVERY_ROW = 0.98
KNOWN_PEOPLE = 0.5  # share of a field's values that must be people of some column
MOST_VALUES = 200  # of each changed field that are looked at
MACHINES = re.compile(
    r"\b(system|workflow|automat\w*|\w*bot|api|batch|cron|job|service account|scheduler|"
    r"integration|import\w*|interface|schnittstelle|monitoring|\w*formular|web ?form\w*|"
    r"mail ?(in|import|robot|gateway)|admin\w*|daemon|trigger|rule|regel|sync\w*)\b"
)


@dataclass(frozen=True)
class ChangedFields:
    """The fields that change in a log.

    Attributes
    ----------
    names : ours, by the source's name
    unnamed : the source's names of fields that nothing explains, with how often they changed
    people : of those, the ones whose values name people
    """

    names: Mapping[str, str]
    unnamed: Mapping[str, int]
    people: frozenset[str] = frozenset()


NO_CHANGES = ChangedFields({}, {})


def changed_fields(sheet: Sheet, found: Identity, columns: Sequence[Seen]) -> ChangedFields:
    """Return which changed field is ours, and which is not known.

    Two names for one of our fields would mix their values, so the one that changes most is taken.
    """
    if found.changes is None:
        return NO_CHANGES
    allowed = [name for name in CHANGEABLE if name not in NEVER_A_FIELD]
    names: dict[str, str] = {}
    unnamed: dict[str, int] = {}
    for word, count in sheet.words_everywhere(found.changes.field.column).items():
        ours = named_for(word, allowed)
        if ours is None or ours in names.values():
            unnamed[word] = count
        else:
            names[word] = ours
    return ChangedFields(names, unnamed, _people(sheet, found.changes, unnamed, columns))


def _people(
    sheet: Sheet, told: Told, unnamed: Mapping[str, int], columns: Sequence[Seen]
) -> frozenset[str]:
    """Return the fields whose values look like people, or stand in a column of people."""
    met = {word for each in columns if names_people(each) for word in each.words}
    key, values = told.field.column.key, [s.column.key for s in (told.new, told.old) if s]
    both = " UNION ".join(
        f"SELECT {key} AS field, {value} AS word FROM {LOOKED} WHERE {value} <> ''"
        for value in values
    )
    rows = sheet.ask(
        f"SELECT field, word FROM ({both}) "
        f"QUALIFY row_number() OVER (PARTITION BY field ORDER BY word) <= {MOST_VALUES}"
    )
    words: dict[str, dict[str, int]] = {name: {} for name in unnamed}
    for field, word in rows:
        if str(field) in words:
            words[str(field)][str(word)] = 1
    return frozenset(
        name
        for name, its in words.items()
        if its
        and (are_mails(its) or are_names(its) or len(met & set(its)) >= KNOWN_PEOPLE * len(its))
    )


def settle_actor(found: Identity, filled: Fields, changed: ChangedFields) -> None:
    """Take a column of people in every row for who made the change, not for the assignee.

    Only where the assignee is among the fields that change, and nothing else is the actor.
    """
    assignee = filled.filled.get("assignee")
    if found.changes is None or assignee is None or "actor" in filled.filled:
        return
    if "assignee" not in changed.names.values() or assignee.seen.column.share < EVERY_ROW:
        return
    del filled.filled["assignee"]
    filled.filled["actor"] = replace(assignee, field="actor")
    filled.proposed = [pair for pair in filled.proposed if pair.field != "actor"]


def machines(each: Seen) -> int:
    """Count the names of a column of people that read like those of machines.

    They are counted and not shown: what stands in such a column never stands in a draft.
    """
    if not each.among(Kind.PERSON, Kind.WORDS):
        return 0
    return sum(bool(MACHINES.search(folded(word))) for word in each.words)

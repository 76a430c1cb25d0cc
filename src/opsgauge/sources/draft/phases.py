"""The words for states as lines of the draft, each with the phase it is taken to mean.

Floor 3. Words that nothing explains are left to the person, with what the records say of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from opsgauge.foundation.units import whole
from opsgauge.log.vocabulary import CLOSED_PHASE, OPEN_PHASES, RESOLVED_PHASE
from opsgauge.sources.draft import states
from opsgauge.sources.draft.columns import LONGEST, LOOKED, Sheet
from opsgauge.sources.draft.fields import Fields
from opsgauge.sources.draft.identity import Identity, Told
from opsgauge.sources.draft.kinds import Seen
from opsgauge.sources.draft.outline import Line
from opsgauge.warehouse.engine import quoted

MOST = 80  # words for states; beyond, it is no column of states
NEARLY = 0.9


@dataclass(frozen=True)
class Ends:
    """Of one word's records: how many, how many say when they were done, how many are a first.

    `returns` are those between a state that is done and one that is not, `lasts` those after a
    state that is done with nothing after them.
    """

    rows: int
    resolved: int
    closed: int
    firsts: int = 0
    returns: int = 0
    lasts: int = 0

    @property
    def reopens(self) -> bool:
        """Whether nearly all bring a ticket back that was done."""
        back = self.returns + self.lasts >= NEARLY * self.rows
        return back and self.returns > self.lasts


def phase_lines(
    words: Mapping[str, int], ends: Mapping[str, Ends], missing: frozenset[str]
) -> list[Line]:
    """Return a line for each word, the most frequent first; unknown words are switched off."""
    left = {word: n for word, n in words.items() if word not in missing and len(word) < LONGEST}
    meant = states.phases(left)
    lines = []
    for word, count in list(left.items())[:MOST]:
        guess = meant[word]
        counted = f"{whole(count)} times" if count else "only as an old value"
        if guess is not None:
            why = f"{counted}; {guess.doubt}" if guess.doubt else counted
            lines.append(Line(word, guess.phase, why))
            continue
        told = ends.get(word)
        if told and told.reopens:
            why = f"{counted}; after it was done, and worked on again after it: CHECK THIS"
            lines.append(Line(word, "in_progress", why))
            continue
        hint = _hint(told)
        why = f"{counted}; {hint[1]}" if hint else f"{counted}; WHICH PHASE?"
        lines.append(Line(word, hint[0] if hint else "new", why, off=True))
    return lines


def _hint(ends: Ends | None) -> tuple[str, str] | None:
    """Return what the records of an unknown word suggest, with the reason."""
    if ends is None or not ends.rows:
        return None
    if ends.firsts >= NEARLY * ends.rows:
        return "new", "nearly always a ticket's first: NEW?"
    if ends.closed >= NEARLY * ends.rows:
        return "closed", "nearly always with a closing moment: CLOSED?"
    if ends.resolved >= NEARLY * ends.rows:
        return "resolved", "nearly always with a resolution: RESOLVED?"
    if ends.resolved + ends.closed <= (1 - NEARLY) * ends.rows:
        return "in_progress", "hardly ever resolved or closed: WHICH PHASE?"
    return None


def ends_of(
    sheet: Sheet, status: Seen, filled: Fields, found: Identity, order: Sequence[Seen] = ()
) -> dict[str, Ends]:
    """Return, for each word, how many of its records were done, and begin a ticket.

    Parameters
    ----------
    order : columns that number a ticket's updates; without one, their moments order them
    """
    key = status.column.key
    counts = [_filled(filled.column(name)) for name in ("resolved_at", "closed_at")]
    further = ["0"] * 3
    rows = LOOKED
    if found.moment is not None:
        done, going = _known(status)
        further = [
            "count(*) FILTER (place = 1)",
            f"count(*) FILTER (before IN ({done}) AND after IN ({going}))",
            f"count(*) FILTER (before IN ({done}) AND after IS NULL)",
        ]
        by = ", ".join([*_ordered(order, found.moment), "rowid"])
        rows = (
            f"(SELECT *, row_number() OVER w AS place, lag({key}) OVER w AS before, "
            f"lead({key}) OVER w AS after FROM {LOOKED} "
            f"WINDOW w AS (PARTITION BY {found.ticket_id.column.key} ORDER BY {by}))"
        )
    told = sheet.ask(
        f"SELECT {key}, count(*), {', '.join([*counts, *further])} FROM {rows} GROUP BY 1"
    )
    ends = {str(word): Ends(*(int(str(n)) for n in numbers)) for word, *numbers in told}
    known = [each for each in ends.values() if each.rows]
    if all(max(each.resolved, each.closed) >= NEARLY * each.rows for each in known):
        return {
            word: replace(each, resolved=0, closed=each.rows // 2) for word, each in ends.items()
        }
    return ends


def _known(status: Seen) -> tuple[str, str]:
    """Return SQL lists of the words that are known to be done, and to be worked on."""
    meant = {word: each.phase for word, each in states.phases(status.words).items() if each}
    lists = (
        [word for word, phase in meant.items() if phase in phases]
        for phases in ((RESOLVED_PHASE, CLOSED_PHASE), OPEN_PHASES)
    )
    done, going = (", ".join(map(quoted, words)) or "NULL" for words in lists)
    return done, going


def _ordered(order: Sequence[Seen], moment: Seen) -> list[str]:
    """Return the SQL that puts a ticket's records in order."""
    if order:
        return [f"try_cast({each.column.key} AS DOUBLE)" for each in order]
    key, written = moment.column.key, moment.moments
    forms = next(iter(written.readings.values()), ()) if written else ()
    tries = [f"try_strptime({key}, {quoted(form)})" for form in forms if "%" in form]
    return [f"coalesce({', '.join([*tries, f'try_cast({key} AS TIMESTAMP)'])})", key]


def _filled(column: Seen | None) -> str:
    """Return the SQL that counts where a moment is written."""
    return f"count(*) FILTER ({written_sql(column)})" if column else "0"


def written_sql(column: Seen) -> str:
    """Return the SQL that says whether a moment is written in a record."""
    nothing = ", ".join(quoted(word) for word in ("", *_nothing(column)))
    return f"{column.column.key} NOT IN ({nothing})"


def _nothing(column: Seen) -> tuple[str, ...]:
    return (*column.missing, *(column.moments.nothing if column.moments else ()))


def changed_words(sheet: Sheet, told: Told, names: Mapping[str, str]) -> dict[str, int]:
    """Return the words for states of a file with a row per changed field.

    Each with how often a ticket came to it; 0 for words that only stand among the old values.
    """
    theirs = [name.lower() for name, ours in names.items() if ours == "original_status"]
    if not theirs:
        return {}
    wanted = ", ".join(quoted(name) for name in theirs)
    values = [(told.new.column.key, 1), *([(told.old.column.key, 0)] if told.old else [])]
    both = " UNION ALL ".join(
        f"SELECT {value} AS word, {times} AS times FROM {LOOKED} "
        f"WHERE lower({told.field.column.key}) IN ({wanted})"
        for value, times in values
    )
    rows = sheet.ask(
        f"SELECT word, sum(times) AS n FROM ({both}) WHERE word <> '' "
        f"GROUP BY word ORDER BY n DESC, word LIMIT {MOST}"
    )
    return {str(word): int(str(n)) for word, n in rows}

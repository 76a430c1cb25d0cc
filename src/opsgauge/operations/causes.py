"""What goes with an outcome: words of attributes and pairs of them, ranked.

Floor 5. What is told is found among what was known before the outcome, holds like work against like
work, and is observation: it goes with the outcome, which is no proof that it causes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.causes.cases import Part
from opsgauge.analysis.causes.influence import FALSE_TOLD, Influence, Influences, influences
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.known_when import OF_CHANGES, OF_TICKETS, Known, known_when
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, named, plain, plural
from opsgauge.operations.find import chosen_words
from opsgauge.operations.found import published_finding
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import not_there_words
from opsgauge.operations.outcomes import BREACH, FAILED, SLOW, Asked, Outcome, decided
from opsgauge.operations.small_teams import small_teams

MOST_TOLD = 20
KIND = "influence"
HELD = ("practice",)  # what kind of record it is explains nothing, and is held alike
ALIKE = (
    "Priority sets the pace of the work, so tickets of one priority are held against one another, "
    "and it is not told itself; ask for any priority to see what goes with it."
)
NO_CAUSE = "It goes with the outcome; that it causes it is for a trial to show."


@dataclass(frozen=True)
class Causes:
    """What goes with an outcome, that which would spare most tickets first.

    Attributes
    ----------
    barred : columns that are known only afterwards, or may be, and were not looked at
    as_written : columns that were looked at of which only the last value is kept
    """

    asked: Asked
    outcome: Outcome
    found: Influences
    limits: dict[str, float]
    barred: tuple[str, ...]
    as_written: tuple[str, ...]
    notes: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    @property
    def nouns(self) -> str:
        """What the records are called, many of them."""
        return plural(self.outcome.noun)

    def sentence(self) -> str:
        """Say what goes with it most."""
        if not self.found.rows:
            return f"Nothing known beforehand goes with {self.nouns} that {self.outcome.did}"
        return claim(self.outcome, self.found.rows[0])

    def counted(self) -> str:
        """Say of how many tickets, and what was looked at."""
        found = self.found
        return (
            f"{whole(found.hits)} of {whole(found.n)} {self.nouns} {self.outcome.did} "
            f"({percent(found.hits / found.n)}). {whole(found.tested)} words and pairs of words of "
            f"{whole(found.fewest)} {self.nouns} or more were tested; of what is told, one in "
            f"{round(1 / FALSE_TOLD)} may be chance"
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "outcome": self.outcome.name,
            "sentence": self.sentence(),
            "data_version": self.provenance.data_version,
            "definition": self.outcome.definition,
            "suspect": list(self.suspect),
            "n": self.found.n,
            "with_outcome": self.found.hits,
            "tested": self.found.tested,
            "fewest": self.found.fewest,
            "false_told": FALSE_TOLD,
            "slow_above_hours": self.limits,
            "barred": list(self.barred),
            "as_written": list(self.as_written),
            "notes": list(self.notes),
            "rows": [row_json(each) for each in self.found.rows],
            "findings": [published_finding(each) for each in self.findings()],
        }

    def findings(self) -> list[Finding]:
        """Return what was found in the shape in which every analysis answers."""
        lane = Lane.TIME if self.outcome.name in {BREACH, SLOW} else Lane.QUALITY
        query = f"What goes with {self.outcome.name}{chosen_words(self.asked.chosen)}"
        return [
            Finding(
                id="-".join([KIND, self.outcome.name, *(part_text(p) for p in each.parts)]),
                kind=KIND,
                lane=lane,
                claim=f"{claim(self.outcome, each)}.",
                size=each.ratio,
                unit="ratio",
                interval=(each.low, each.high),
                n=each.n,
                method="mantel_haenszel_by_score",
                evidence=Evidence(query, self.provenance.data_version, self.outcome.definition),
                caveats=(NO_CAUSE, *self.notes),
                teams=tuple(w for name, w in each.parts if name in {"team", "first_team"}),
            )
            for each in self.found.rows
        ]


def row_json(row: Influence) -> dict[str, Any]:
    """Return one influence in its published form."""
    return {
        **{name: value for name, value in vars(row).items() if name not in _PARTS},
        **{name: _words_of(getattr(row, name)) for name in _PARTS},
        "expected": row.expected,
    }


_PARTS = ("parts", "same_as", "only_with")


def _words_of(parts: Sequence[Part]) -> list[dict[str, str]]:
    return [{"attribute": name, "value": word} for name, word in parts]


def part_text(part: Part) -> str:
    """Return a word as an address and a command write it."""
    return f"{part[0]}={part[1]}"


def parts_words(parts: Sequence[Part]) -> str:
    """Return words of attributes as one says them.

    Examples
    --------
    >>> parts_words([("priority", "2 - High"), ("first_team", "Desk")])
    'priority 2 - High and first team Desk'
    """
    return " and ".join(f"{plain(name)} {named(word, name)}" for name, word in parts)


def claim(outcome: Outcome, row: Influence) -> str:
    """Say what one influence goes with, and by how much."""
    nouns = plural(outcome.noun)
    return (
        f"{capfirst(parts_words(row.parts))} goes with {row.ratio:.1f} times as many {nouns} that "
        f"{outcome.did} ({row.low:.1f} to {row.high:.1f}): {percent(row.hits / row.n, 0)} of "
        f"{whole(row.n)}, where {nouns} alike otherwise have {percent(row.expected, 0)}"
    )


def causes(ctx: Context, asked: Asked) -> Causes:
    """Return what goes with an outcome.

    Needs `finding:read`.

    Raises
    ------
    QueryWrong, UnknownMetric, ServiceLevelsMissing, ColumnsMissing : it cannot be asked
    TooFewPoints : too few tickets have the outcome, or have it not
    """
    ctx.require("finding:read")
    ctx = ctx.holding()
    return ctx.opened().once(("causes", ctx.scope, asked), lambda: _causes(ctx, asked))


def _causes(ctx: Context, asked: Asked) -> Causes:
    found = decided(ctx, asked)
    fewest = ctx.workspace.settings.suppress_below
    support = max(asked.support, min(fewest / max(len(found.cases), 1), 0.999))
    held = (*HELD, *(["priority"] if asked.within_priority else []))
    told = influences(found.cases, support, held=held)
    change = asked.outcome == FAILED
    known = {**OF_TICKETS, **(OF_CHANGES if change else {})}
    looked = {each.name for each in found.cases.attributes}
    written = [name for name in looked if known_when(name, change) in _ONLY_LAST]
    return Causes(
        asked=asked,
        outcome=found.outcome,
        found=Influences(told.n, told.hits, told.tested, told.fewest, told.rows[:MOST_TOLD]),
        limits=dict(found.limits),
        barred=tuple(
            n for n, when in known.items() if when in _BARRED and n not in (*asked.also, *looked)
        ),
        as_written=tuple(sorted(set(written) & known.keys() - {"practice", "first_team"})),
        notes=(*_notes(ctx, asked, found.plain, found.over), *_more(told)),
        provenance=ctx.provenance(found.outcome.definition),
        suspect=let_through(ctx, found.outcome.columns),
    )


_ONLY_LAST = (Known.GIVEN, Known.LATER)
_BARRED = (Known.LATER, Known.AFTER)


def _notes(ctx: Context, asked: Asked, plain_tickets: int, over: int) -> list[str]:
    notes = [ALIKE] if asked.within_priority else []
    if over:
        notes.append(
            f"{whole(over)} were over {duration(asked.hours)} after their opening and are not "
            "counted: nothing could be foretold of them any more."
        )
    if plain_tickets:
        notes.append(
            f"Of {whole(plain_tickets)} only the last state is kept, so what is told of them may "
            "have been written after the outcome."
        )
    together = small_teams(ctx).together()
    return [*notes, *not_there_words(ctx, asked.chosen.where), *filter(None, [together.note])]


def _more(told: Influences) -> list[str]:
    more = len(told.rows) - MOST_TOLD
    return [f"{whole(more)} more go with it and are not shown."] if more > 0 else []

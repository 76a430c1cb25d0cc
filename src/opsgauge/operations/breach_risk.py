"""Open tickets by how likely they break a service level, with the time each has left.

Floor 5. What is learnt follows from the data version, the definition and what the actor may see; it
is found once for each. Time left is exact, from the clocks; the probability is a model's, or the
rate by elapsed share where no model does better.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from opsgauge.analysis.forecast.alert_point import (
    LATE_COST,
    AlertPoint,
    alert_points,
    cheapest,
    threshold,
)
from opsgauge.analysis.forecast.asked import SHARES, asked_at_shares, asked_now
from opsgauge.analysis.forecast.calibration import Bin, Numbers
from opsgauge.analysis.forecast.clock_stages import NEVER, Stages, read_stages, stage_rows
from opsgauge.analysis.forecast.risk import Learnt, Tested, learn
from opsgauge.foundation.errors import QueryWrong, TooFewPoints
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.log.door import where as rows_where
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.flags import KEY
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.answers import Provenance, iso
from opsgauge.operations.breach_reasons import Reason, reasons_of, word_of
from opsgauge.operations.clocked import Clocked, clocks_shown, clocks_suspect
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.service_levels import NO_CHOICE, Clocks
from opsgauge.operations.valued import refuse_few

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MODEL, BY_SHARE, NONE = "model", "rate_by_share", "none"
SHOWN = ("team", "priority")  # of each ticket, as they are now
LIKELY = 0.5
NEARLY = 0.99  # no model knows better than that
BRIER = (
    "The Brier score is the mean square of how far what was said lies from what came, 1 for broken "
    "and 0 for kept: 0 is best, and always saying 50 % gives 0.25."
)


@dataclass(frozen=True)
class OpenTicket:
    """A ticket whose clock lasts and has not broken.

    Attributes
    ----------
    probability : that it breaks; None where too little is known
    used_share : of the target
    left_hours : open time until it breaks; `due_at` when that is, None while it is paused
    is_due : an alert about it pays, see `alert_point`
    why : what moves its odds most
    """

    source: str
    ticket_id: str
    cycle: int
    team: str | None
    priority: str | None
    probability: float | None
    used_share: float
    left_hours: float
    due_at: str | None
    is_due: bool = False
    why: tuple[Reason, ...] = ()

    @property
    def is_likely(self) -> bool:
        """Whether it will more likely break than not."""
        return (self.probability or 0.0) >= LIKELY

    def chance(self) -> str:
        """Say how likely it breaks.

        Examples
        --------
        >>> ticket = OpenTicket("desk", "T1", 1, None, None, 0.998, 0.5, 1.0, None)
        >>> ticket.chance(), replace(ticket, probability=0.4).chance()
        ('over 99\u202f%', '40\u202f%')
        """
        if self.probability is None:
            return "not known"
        if self.probability > NEARLY:
            return f"over {percent(NEARLY, 0)}"
        if self.probability < 1 - NEARLY:
            return f"under {percent(1 - NEARLY, 0)}"
        return percent(self.probability, 0)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "why": [dict(vars(each)) for each in self.why]}


@dataclass(frozen=True)
class Known:
    """What was learnt of a service level, and its open tickets."""

    tested: Tested | None
    base: Mapping[float, float]
    slices: tuple[int, ...]
    tried: tuple[tuple[float, Numbers, Numbers], ...]
    clocks: int
    broken: int
    tickets: tuple[OpenTicket, ...]
    lacking: str = ""  # why nothing was learnt


@dataclass(frozen=True)
class Risks:
    """The open tickets of a service level, the riskiest first.

    Attributes
    ----------
    known : with how good the probabilities were on tickets that came later
    points, alert : what first alerts at each share would have cost, and the cheapest
    """

    level: ServiceLevel
    known: Known
    tickets: tuple[OpenTicket, ...]
    late_cost: float
    points: tuple[AlertPoint, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()
    suppress_below: int = 1

    @property
    def method(self) -> str:
        """By what probabilities are given."""
        if self.known.tested is None:
            return NONE
        return MODEL if self.known.tested.is_better else BY_SHARE

    @property
    def alert(self) -> AlertPoint | None:
        """The cheapest first alert."""
        return cheapest(self.points) if self.points else None

    @property
    def sorts(self) -> bool:
        """Whether the cheapest first alert tells tickets apart; one at the opening does not."""
        return self.alert is not None and self.alert.share > 0

    def alert_sentence(self) -> str:
        """Say from when on alerts cost least, and whether that sorts anything out."""
        if self.alert is None:
            return ""
        price = f"Where a late ticket costs as much as {self.late_cost:g} false alarms, alerts cost"
        if self.sorts:
            return f"{price} least from {percent(self.alert.share, 0)} of the target on."
        due = sum(each.is_due for each in self.tickets)
        return (
            f"{price} least at the opening. So early an alert sorts nothing out: it would be told "
            f"of {whole(due)} of {whole(len(self.tickets))} open tickets, so none is marked. Go by "
            "the probability and the time left."
        )

    def sentences(self) -> tuple[str, ...]:
        """Say how far the probabilities can be trusted."""
        tested = self.known.tested
        if tested is None:
            return (self.known.lacking,)
        said = (
            f"Tested on {whole(tested.n)} tickets that began after all that was learnt from: Brier "
            f"{tested.brier:.3f}, where one rate for all gives {tested.brier_base:.3f} and the "
            f"rate by elapsed share {tested.brier_share:.3f}."
        )
        if tested.is_better:
            return (said, BRIER)
        return (said, BRIER, "No model is better, so the rate by elapsed share is what is given.")

    def as_json(self, limit: int | None = None) -> dict[str, Any]:
        """Return the published form, with so many tickets."""
        tested, alert = self.known.tested, self.alert
        return {
            "service_level": self.level.name,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "method": self.method,
            "sentences": list(self.sentences()),
            "n": len(self.tickets),
            "tested": None if tested is None else _tested(tested, self.known.slices),
            "reliability": []
            if tested is None
            else [{**vars(each), "leaning": each.leaning or None} for each in self.bins],
            "rate_by_share": [
                {"share": share, "rate": rate} for share, rate in self.known.base.items()
            ],
            "late_cost": self.late_cost,
            "alert": None if alert is None else dict(vars(alert)),
            "alert_sorts": self.sorts,
            "alert_sentence": self.alert_sentence(),
            "alert_points": [dict(vars(point)) for point in self.points],
            "tickets": [each.as_json() for each in self.tickets[:limit]],
        }

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Tenths of probability, of what is given; those of too few tickets are withheld."""
        tested = self.known.tested
        if tested is None:
            return ()
        every = tested.bins if tested.is_better else tested.share_bins
        return tuple(each for each in every if each.n >= self.suppress_below)


def _tested(tested: Tested, slices: tuple[int, ...]) -> dict[str, Any]:
    return {
        "learnt_from": slices[0],
        "put_right_on": slices[1],
        "n": tested.n,
        "brier": tested.brier,
        "brier_one_rate": tested.brier_base,
        "brier_rate_by_share": tested.brier_share,
    }


def breach_risk(
    ctx: Context, name: str, chosen: Clocks = NO_CHOICE, late_cost: float = LATE_COST
) -> Risks:
    """List open tickets by how likely they break a service level.

    Needs `ticket:read`.

    Parameters
    ----------
    chosen : conditions on tickets; dates say nothing of what lasts now
    late_cost : what a late ticket costs, in false alarms

    Raises
    ------
    UnknownServiceLevel : there is none of that name
    QueryWrong : dates are asked for, a cost of nought or less, or a list of too few tickets
    """
    ctx.require("ticket:read")
    if not 0 < late_cost < float("inf"):
        raise QueryWrong(
            f"A late ticket cannot cost {late_cost:g} false alarms.", hint="Say more than nought."
        )
    if chosen.from_ or chosen.to:
        raise QueryWrong("Open tickets are open now.", hint="Leave the dates away.")
    ctx = ctx.holding()
    clocked = clocks_shown(ctx)
    level = clocked.levels.get(name)
    known = ctx.opened().once(("risk", ctx.scope, name), lambda: _known(ctx, clocked, level))
    tickets = _chosen(ctx, known.tickets, chosen)
    refuse_few(ctx, len(tickets))
    points = alert_points(known.tried, known.clocks, known.broken, late_cost) if known.tried else ()
    first = cheapest(points).share if points else 1.0
    return Risks(
        level,
        known,
        tuple(replace(each, is_due=_is_due(each, first, late_cost)) for each in tickets),
        late_cost,
        points,
        ctx.provenance(),
        clocks_suspect(ctx),
        ctx.workspace.settings.suppress_below,
    )


def _is_due(ticket: OpenTicket, first: float, late_cost: float) -> bool:
    """Say whether an alert about a ticket pays, at the first point or later."""
    if ticket.probability is None or ticket.used_share < first:
        return False
    return ticket.probability >= threshold(ticket.used_share, late_cost)


def _chosen(
    ctx: Context, tickets: tuple[OpenTicket, ...], chosen: Clocks
) -> tuple[OpenTicket, ...]:
    if not chosen.where:
        return tickets
    rows = rows_where(ctx.tables.tickets, meant_of_tickets(ctx, chosen.where))
    found = ctx.opened().engine.run(rows.filter(rows.open).select(*KEY)).to_pylist()
    there = {(row["source"], row["ticket_id"]) for row in found}
    return tuple(each for each in tickets if (each.source, each.ticket_id) in there)


def _known(ctx: Context, clocked: Clocked, level: ServiceLevel) -> Known:
    rows = stage_rows(level, clocked.followed, ctx.tables.related[CLOCKS.name], ctx.tables.tickets)
    # Read, and not run: so many rows are not to be remembered.
    stages = read_stages(ctx.opened().engine.read(rows))
    zone = ctx.opened().periods.zone
    asked = asked_at_shares(stages, zone)
    try:
        learnt = learn(stages, asked)
    except TooFewPoints as few:
        nothing = _open_tickets(stages, zone, clocked.followed.now_us, None)
        return Known(None, {}, (0, 0, 0), (), 0, 0, nothing, few.message)
    broke, tried = stages.broken.astype(float), learnt.test_rows
    clocks = np.unique(tried.clock)
    return Known(
        learnt.tested,
        dict(zip(SHARES, learnt.base.tolist(), strict=True)),
        learnt.slices,
        tuple(
            (share, learnt.said[tried.place == at], broke[tried.clock[tried.place == at]])
            for at, share in enumerate(SHARES)
        ),
        len(clocks),
        int(broke[clocks].sum()),
        _open_tickets(stages, zone, clocked.followed.now_us, learnt),
    )


def _open_tickets(
    stages: Stages, zone: ZoneInfo, now_us: int, learnt: Learnt | None
) -> tuple[OpenTicket, ...]:
    asked, share = asked_now(stages, zone, now_us)
    said = learnt.probability(asked, share) if learnt else np.full(len(share), np.nan)
    reasons = None
    if learnt and learnt.tested.is_better:
        reasons = reasons_of(stages, asked, learnt.model, (said >= LIKELY).tolist())
    rows = stages.last()[asked.clock]
    left = stages.target_us[rows] - stages.before_us[rows] - stages.used_us[rows]
    teams, priorities = ([word_of(stages, n, at) for at in asked.words[n].tolist()] for n in SHOWN)
    made = []
    for at, clock in enumerate(asked.clock.tolist()):
        source, ticket_id, cycle = stages.keys[clock]
        due_us = int(stages.due_us[clock])
        made.append(
            OpenTicket(
                source,
                ticket_id,
                cycle,
                teams[at],
                priorities[at],
                None if np.isnan(said[at]) else float(said[at]),
                float(share[at]),
                int(left[at]) / MICROS_PER_HOUR,
                iso(EPOCH + timedelta(microseconds=due_us)) if due_us != NEVER else None,
                why=reasons[at] if reasons else (),
            )
        )
    return tuple(sorted(made, key=_riskiest_first))


def _riskiest_first(ticket: OpenTicket) -> tuple[float, float, str]:
    return (-(ticket.probability or 0.0), ticket.left_hours, ticket.ticket_id)

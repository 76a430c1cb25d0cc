"""Promises that rest on others: which link broke where the whole did.

Floor 5. Of a ticket with several clocks of a service level the newest counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.log.service_levels.flags import KEY
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.service_levels import (
    CLOCK,
    NO_CHOICE,
    Clocks,
    clocks_chosen,
    decided_between,
)
from opsgauge.warehouse.portable import ones


@dataclass(frozen=True)
class Link:
    """A promise inside that supports one outside.

    Attributes
    ----------
    tickets : with a clock of both
    broken : of these, where this link broke
    broke_with : where it broke, and the promise outside too
    """

    level: ServiceLevel
    tickets: int
    broken: int
    broke_with: int


@dataclass(frozen=True)
class Chain:
    """A service level and the promises it rests on.

    Attributes
    ----------
    too_long : tickets on which the promises inside add up to more than the one outside
    no_link_broke : tickets on which it broke although every link was kept: time between the links
    """

    level: ServiceLevel
    links: tuple[Link, ...]
    tickets: int
    too_long: int
    broken: int
    no_link_broke: int

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "service_level": self.level.name,
            "tickets": self.tickets,
            "inside_longer_than_outside": self.too_long,
            "broken": self.broken,
            "broken_with_every_link_kept": self.no_link_broke,
            "links": [
                {
                    "service_level": link.level.name,
                    "agreement": link.level.agreement,
                    "tickets": link.tickets,
                    "broken": link.broken,
                    "broken_with_the_whole": link.broke_with,
                }
                for link in self.links
            ],
        }


def chains(ctx: Context, chosen: Clocks = NO_CHOICE) -> tuple[Chain, ...]:
    """Return each service level that others support, and which of those broke with it.

    Needs `metric:read`. With dates, those count whose promise to the outside was decided in them.
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    levels = clocks_shown(ctx).levels.by_name
    supported = sorted({level.supports for level in levels.values() if level.supports})
    return ctx.opened().once(
        ("chains", ctx.scope, chosen),
        lambda: tuple(
            _chain(ctx, levels[name], links_of(levels, name), chosen) for name in supported
        ),
    )


def links_of(levels: Mapping[str, ServiceLevel], name: str) -> list[ServiceLevel]:
    """Return the service levels that support one."""
    return [each for each in levels.values() if each.supports == name]


def beside_links(
    ctx: Context, level: ServiceLevel, inside: Sequence[ServiceLevel], chosen: Clocks
) -> ir.Table:
    """Put the newest clocks of a service level beside those of its links, ticket by ticket.

    Returns
    -------
    key, cycle, target, broke (1 or 0), promised (what all links promise together), any_broke (1
    where a link did), and for the link of each place `t0` (its target, null where there is no
    clock of it) and `b0` (1 where it broke)
    """
    rows = clocks_chosen(ctx, chosen)
    rows = rows.filter(rows.newest)
    met = rows.filter(rows.clock == level.name)
    if chosen.from_ or chosen.to:
        met = met.filter(decided_between(ctx, chosen)(met))
    met = met.select(*CLOCK, target=met.target_us, broke=ones(~met.kept))
    for n, each in enumerate(inside):
        link = rows.filter(rows.clock == each.name)
        found = link.select(*KEY, **{f"t{n}": link.target_us, f"b{n}": ones(~link.kept)})
        met = met.left_join(found, KEY).select(*met.columns, f"t{n}", f"b{n}")
    places = range(len(inside))
    promised = sum((met[f"t{n}"].fill_null(0) for n in places), start=ibis.literal(0))
    any_broke = ibis.greatest(ibis.literal(0), *(met[f"b{n}"].fill_null(0) for n in places))
    return met.mutate(promised=promised, any_broke=any_broke)


def too_long(met: ir.Table) -> ir.BooleanValue:
    """Say whether the links promise more time together than the whole has."""
    return met.promised > met.target


def no_link_broke(met: ir.Table) -> ir.BooleanValue:
    """Say whether the whole broke with every link kept."""
    return (met.broke == 1) & (met.any_broke == 0)


def broke_with(met: ir.Table, place: int) -> ir.BooleanValue:
    """Say whether the whole broke, and the link of a place too."""
    return (met[f"b{place}"] == 1) & (met.broke == 1)


def _chain(
    ctx: Context, level: ServiceLevel, inside: Sequence[ServiceLevel], chosen: Clocks
) -> Chain:
    met = beside_links(ctx, level, inside, chosen)
    places = range(len(inside))
    told = met.aggregate(
        tickets=met.count(),
        too_long=ones(too_long(met)).sum(),
        broken=met.broke.sum(),
        no_link=ones(no_link_broke(met)).sum(),
        **{f"tickets{n}": met[f"t{n}"].count() for n in places},
        **{f"broken{n}": met[f"b{n}"].sum() for n in places},
        **{f"with{n}": ones(broke_with(met, n)).sum() for n in places},
    )
    row = {k: int(v or 0) for k, v in ctx.opened().engine.run(told).to_pylist()[0].items()}
    links = tuple(
        Link(each, row[f"tickets{n}"], row[f"broken{n}"], row[f"with{n}"])
        for n, each in enumerate(inside)
    )
    return Chain(level, links, row["tickets"], row["too_long"], row["broken"], row["no_link"])

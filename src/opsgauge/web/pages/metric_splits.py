"""A metric over the whole range of its page: by what it may be split, and what is asked for that.

Floor 6.
"""

from dataclasses import replace

from opsgauge.log.periods import ALL
from opsgauge.metrics.question import Question
from opsgauge.operations.asking import Asked
from opsgauge.operations.measure import measure_ahead
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import View


def offered(seen: View, metric: str) -> list[str]:
    """Return the dimensions that the metric's records have, the usual ones first."""
    found = seen.ctx.catalogue.get(metric)
    usual = [name for name in choosers.offered_splits(seen) if found.may_split(name)]
    own = [name for name in found.dimensions if found.subject.has(name)]
    return usual if found.subject.is_tickets else list(dict.fromkeys([*own[1:4], *usual]))


def split(seen: View, asked: Asked, metric: str) -> str:
    """Return the dimension to split by: the one asked for, or the first there is; "" for none."""
    return asked.by[0] if asked.by else next(iter(offered(seen, metric)), "")


def over_all(
    seen: View, asked: Asked, metric: str, by: tuple[str, ...], statistic: str | None
) -> Question:
    """Return the question of the whole range as one, perhaps split."""
    whole = replace(asked, by=by, period=ALL, statistic=statistic)
    return whole.question(metric, seen.ctx.workspace.zone)


def ask_ahead(seen: View, asked: Asked, metric: str) -> None:
    """Begin with the numbers of the whole range while the page's series is measured."""
    name = split(seen, asked, metric)
    each = [(), (name,)] if name else [()]
    measure_ahead(seen.ctx, (over_all(seen, asked, metric, by, asked.statistic) for by in each))

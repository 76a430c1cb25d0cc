"""Replay of notices: records, and long calms, week by week over the past year.

Floor 5. What was the highest so far at a time follows from the values before it, so nothing has to
be kept: each week is looked at as if it were the newest, with the arithmetic of `on_series`.
"""

from collections.abc import Iterator
from datetime import datetime

from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.governance.rules import within
from opsgauge.governance.signals import Found as Noted
from opsgauge.log.periods import ONE_DAY, dates_of, start_of_day
from opsgauge.metrics.question import Question
from opsgauge.operations.alerting.telling import path_of
from opsgauge.operations.alerting.would import Found, Would
from opsgauge.operations.answers import iso
from opsgauge.operations.asking import written
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted
from opsgauge.operations.context import Context
from opsgauge.operations.looked import GRAIN
from opsgauge.operations.measure import measure
from opsgauge.operations.on_series import calm_on, records_on, series_of
from opsgauge.operations.phrases import when
from opsgauge.operations.watched import watched_charts

AS_WATCHED = (
    "Of what is watched now; weeks whose tickets were on their way at the time are judged by what "
    "came of them since."
)


def would_notice(ctx: Context, rule: AlertRule, begin: datetime) -> Found:
    """Return when a rule of notices would have fired since a moment."""
    made: list[Would] = []
    for each in watched_charts(ctx):
        series = series_of(each.measured)
        if rule.metric in ("", series.metric) and within(series.segment, rule.segment):
            made += _of_series(ctx, each, begin)
    return Found(sorted(made, key=lambda each: each.at), notes=(AS_WATCHED,))


def _of_series(ctx: Context, looked: Charted, begin: datetime) -> Iterator[Would]:
    measured = looked.measured
    question = Question(measured.metric, measured.statistic, where=measured.where, period=GRAIN)
    try:
        whole = charted(ctx, measure(ctx, question))
    except TooFewPoints:
        return
    zone = ctx.workspace.zone
    going: dict[str, Would] = {}
    for point in (each for each in whole.points if each.complete):
        at = start_of_day(dates_of(point.period)[1] + ONE_DAY, zone)
        if at < begin:
            continue
        seen = {each.kind: each for each in _seen(ctx, whole, point.period)}
        for kind in [each for each in going if each not in seen]:
            one = going.pop(kind)
            yield Would(one.at, iso(at), one.subject, one.what, one.path)
        for kind, found in seen.items():
            if kind not in going:
                going[kind] = _would(whole, found, str(iso(at)))
    yield from going.values()


def _seen(ctx: Context, whole: Charted, period: str) -> Iterator[Noted]:
    """Yield the notices of one week, as if it were the newest."""
    every = [*records_on(whole, period), calm_on(ctx, whole, period)]
    for each in every:
        if each is not None and each.sight is not None and each.sight.verdict != "better":
            yield each


def _would(whole: Charted, found: Noted, at: str) -> Would:
    measured = whole.measured
    segment = found.series.segment
    whose = f" where {', '.join(each.sentence() for each in segment)}" if segment else ""
    assert found.sight is not None  # noqa: S101 - `_seen` asked
    path = path_of(
        {
            "metric": measured.metric,
            "where": [written(each) for each in segment],
            "statistic": measured.statistic,
            "grain": GRAIN,
            "period": found.newest,
        }
    )
    what = f"{measured.title}{whose}, {when(found.newest)}: {found.sight.words}"
    return Would(at, None, f"{found.kind} of {measured.metric}", what, path)

"""A context for every page template, with one text wherever a text from the records may come.

What stands here is the contract of the templates' opening comments, written out once.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from opsgauge.analysis.comparison.funnel import funnel
from opsgauge.analysis.forecast.calibration import Bin
from opsgauge.analysis.requests.approvals import Decided
from opsgauge.analysis.requests.bundles import Bundles, Piece
from opsgauge.analysis.requests.health import Automation
from opsgauge.analysis.requests.right_first_time import FirstTime
from opsgauge.analysis.requests.tasks import TaskLine, Tasks
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.log.checks.score import Score
from opsgauge.log.checks.seen import STATES
from opsgauge.operations.answers import Explained, Measured, Shifted, TicketList, Value
from opsgauge.operations.calendars import CalendarLine
from opsgauge.operations.checked import Check, Checked
from opsgauge.operations.deleted import GoneTicket
from opsgauge.operations.drawing import bars, beside_lines, sparkline, ticket_parts, timeline, words
from opsgauge.operations.drawing.control_chart import Goal, control_chart
from opsgauge.operations.drawing.event_marks import Mark, Marks
from opsgauge.operations.drawing.funnel_plot import funnel_plot
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.map_picture import Hrefs, View, map_picture
from opsgauge.operations.drawing.path_marks import path_marks
from opsgauge.operations.drawing.reliability_plot import reliability_plot
from opsgauge.operations.drawing.replay_chart import Shown, replay_chart
from opsgauge.operations.drawing.scale import axis_unit
from opsgauge.operations.drawing.signals import signal_rows
from opsgauge.operations.drawing.stacked import stacked
from opsgauge.operations.drawing.ticket_changes import changes
from opsgauge.operations.drawing.words import Said
from opsgauge.operations.drawing.year_grid import Cell, Month, YearGrid
from opsgauge.operations.fairly import FairRow
from opsgauge.operations.flow_answers import Variant, Variants
from opsgauge.operations.integration import IntegrationChange
from opsgauge.operations.integration_compared import Compared, KpiBefore
from opsgauge.operations.orders_behind import OrderList
from opsgauge.operations.request_tasks import Health
from opsgauge.operations.versions import VersionLine
from opsgauge.sources.draft.preview import Reason
from tests.operations.drawing.conformance_contexts import PAGES as CONFORMING
from tests.operations.drawing.decided_contexts import PAGES as DECIDED
from tests.operations.drawing.finding_contexts import FINDINGS
from tests.operations.drawing.note_contexts import NOTES, pinned
from tests.operations.drawing.samples import PROVENANCE, charted, flow, story
from tests.operations.drawing.waiting_contexts import WAITING

Context = Mapping[str, Any]
SEEN = datetime(2016, 5, 30, 7, tzinfo=UTC)


def chooser(text: str) -> dict[str, Any]:
    """Return a chooser with every kind of field."""
    kinds = ("select", "date", "text", "checks")
    options = [{"value": text, "text": text}, {"value": "b", "text": "b"}]
    fields = [
        {
            "kind": kind,
            "name": kind,
            "label": text,
            "value": [text] if kind == "checks" else text,
            "options": options,
        }
        for kind in kinds
    ]
    return {
        "name": "team",
        "words": text,
        "label": text,
        "action": f"/m?{text}",
        "keep": [("by", text)],
        "fields": fields,
        "links": [link(text)],
    }


def frame(text: str, place: str) -> dict[str, Any]:
    """Return what every page is given."""
    names = ("home", "metrics", "map", "tickets", "checks", "catalogue", "import")
    page = {
        "title": text,
        "place": place,
        "places": [{"key": name, "text": name.title(), "href": f"/{name}"} for name in names],
        "siblings": [{**link(text), "current": at} for at in (True, False)] if place else [],
        "static": "/static",
        "who": {"text": text, "href": "/account"},
        "people_href": "/people",
        "form_token": text,
        "theme": "",
        "density": "",
        "search_href": "/search",
        "search_text": text,
        "state": ["Tickets of ", chooser(text)],
        "provenance": PROVENANCE,
        "versions_href": "/versions",
        "calendars_href": "/calendars",
        "requests_href": "/requests",
        "agreed": [{"text": "Targets", "href": "/targets"}, {"text": text, "href": f"/{text}"}],
        "seen_at": SEEN,
        "offered": {
            "name": "Phase",
            "action": "/tickets",
            "keep": [("column", "phase")],
            "options": [{"value": "new", "text": "new", "tickets": "3"}],
            "others": ["closed"],
            "back": "/tickets",
        },
        "not_there": [
            {
                "words": "There is no “nwe” among phase",
                "alike": True,
                "near": [{"text": "new", "tickets": "3", "href": "/tickets?where=phase=new"}],
            }
        ],
        "stale": text,
        "save_href": f"/saved?{text}",
        "json_href": f"/api?{text}",
    }
    crumbs = [{"text": text, "href": f"/{text}"}, {"text": text, "href": ""}]
    return {"page": page, "headline": text, "why": text, "crumbs": crumbs}


def link(text: str) -> dict[str, Any]:
    """Return a link."""
    return {"text": text, "href": f"/{text}", "current": True}


def notice(text: str, kind: str = "withheld") -> dict[str, Any]:
    """Return a notice."""
    facts = [(text, text)]
    return {"kind": kind, "title": text, "why": text, "facts": facts, "links": [link(text)]}


def trust(text: str) -> list[dict[str, Any]]:
    """Return two facts of the trust strip, one of them in trouble."""
    fact = {"term": text, "figure": text, "words": text, "href": f"/{text}"}
    return [{**fact, "tone": ""}, {**fact, "tone": "concern", "href": ""}]


def home(text: str) -> Context:
    """Return the context of home.html."""
    spark = sparkline.sparkline(sparkline.Trend((1.0, 2.0)), text)
    pair = {"title": text, "href": "/p", "spark": spark, "value": text, "value_href": f"/{text}"}
    card = {
        "state": "whole",
        "title": text,
        "href": f"/{text}",
        "said": words.Said("steady", text),
        "value": (text, text),
        "words": text,
        "spark": spark,
        "note": text,
        "whose_clock": {"words": text, "other_by": text, **link(text)},
        "facts": [(text, text, f"/{text}"), (text, text, "")],
        "pair": pair,
        "links": [],
    }
    bare: dict[str, Any] = {"value": None, "pair": None, "spark": Markup(""), "links": [link(text)]}
    matter = {
        "tone": "concern",
        "before": text,
        "figure": text,
        "after": text,
        "because": text,
        "links": [link(text)],
        "picture": spark,
        "caption": text,
        "facts": [(text, text, text), (text, "", text)],
    }
    signal = {"tone": "concern", "said": text, "title": text, "href": "/s", "rules": text}
    signal |= {"since": text, "now": text, "now_href": f"/{text}", "spark": spark}
    return {
        **frame(text, "home"),
        "day": text,
        "notice": notice(text, "empty"),
        "matters": [matter],
        "one_thing": {
            "rows": [{"lane": text, "claim": text, "href": f"/{text}", "reason": text}],
            "links": [link(text)],
        },
        "cards": [card, {**card, **bare, "state": "withheld"}],
        "cards_note": text,
        "signals": [signal],
        "unsure": {"words": text, "links": [link(text)]},
        "trust": trust(text),
        "checks_href": "/checks",
    }


def metric(text: str) -> Context:
    """Return the context of metric.html, chart and notice at once."""
    chart = charted([0.3, 0.31, 0.5, None, 0.1, 0.3], title=text)
    hrefs = {point.period: f"/tickets?{text}" for point in chart.points}
    row = Value("all", {"team": text}, 40, 0.5, 0.4, 0.6, 20, 40)
    missing = Value("all", {"team": None}, 4, None)
    split = Measured(
        **{**vars(chart.measured), "by": ("team",), "period": "all", "rows": (row, missing)}
    )
    other = Shifted("2026-W01", 30, 0.4, 0.1, 0.25)
    beside = replace(chart.measured, rows=(replace(row, period="2026-W02", shifted=other),))
    return {
        **frame(text, "metrics"),
        "measured": chart.measured,
        "whose_clock": None,
        "newest": row,
        "newest_href": f"/tickets?{text}",
        "overall": row,
        "overall_words": text,
        "overall_href": f"/tickets?{text}",
        "overall_is_n": False,
        "state": {"said": words.Said("steady", text), "rule": text},
        "kept": {"rows": [signal(text)], "all": link(text)},
        "counter": {"title": text, "href": f"/{text}", "value": text},
        "notice": None,
        "charted": chart,
        "drawn": chart.measured,
        "chart_hrefs": hrefs,
        "chart_spec": control_chart(chart, hrefs),
        "chart_title": text,
        "silent": {"2016-W02": text},
        "points": {point.period: point for point in chart.points},
        "signals": signal_rows(chart),
        "period_hrefs": hrefs,
        "statistics": [link(text), link(text)],
        "periods": [link(text), link(text)],
        "dimensions": [link(text), link(text)],
        "breakdown": split,
        "breakdown_title": text,
        "breakdown_hrefs": [f"/{text}", None],
        "breakdown_span": bars.Span(0, 1, 0.3),
        "csv_hrefs": dict.fromkeys(("series", "signals", "split"), f"/{text}"),
        "beside": beside,
        "beside_title": text,
        "beside_rows": [(beside.rows[0], f"/{text}", f"/{text}")],
        "beside_notes": [text],
        "goal": Goal(0.2, "2016-W01"),
        "agreed": {
            "owners": (text,),
            "consumers": (text,),
            "others": [text],
            "owners_href": f"/{text}",
            "targets": [target_row(text)],
            "of_this": target_row(text),
            "set_href": f"/{text}",
            "left_out": [text],
            "exclusions_href": f"/{text}",
            "freeze_href": f"/{text}",
            "baselines_href": f"/{text}",
            "baselines": [
                {"said": words.Said("held", text), "sentence": text, "which": text, "who": text}
            ],
        },
        "published": {
            "may_read": True,
            "newest": [published_line(text)],
            "all_href": f"/{text}",
            "publish_href": f"/{text}",
        },
        "with_all": {"2016-W01": row},
        "newest_with": row,
        "overall_with": row,
        "breakdown_with": [row, None],
        "restated": link(text),
        "comparisons": [link(text)],
        "meanwhile": {
            "changes": [text],
            "rows": [{"period": text, "what": [{"words": text, "links": [link(text)]}]}],
            "more": 2,
        },
        "happened": {},
        "about": [text],
        "marks": Marks((Mark(1, text, text, (text,), text, text),), {text: 3}),
        "expected": {
            **dict.fromkeys(("why", "backtest", "ahead"), text),
            **{name: [text] for name in ("season", "far", "caveats")},
            "spec": {"description": text},
            "marks": Marks((Mark(1, text, text, (text,), text, text),), {text: 3}),
            "more": 2,
            "csv": link(text),
        },
        "expected_href": f"/{text}",
        "suited": {"why": text, "words": text, "text": text, "href": f"/{text}"},
        "interval_bar": bars.interval_bar,
        "explained": explained(text),
        "drawer_open": True,
        "drawer_href": f"?{text}",
        "drawer_close_href": f"?{text}",
    }


def target_row(text: str) -> dict[str, Any]:
    """Return a target as targets.html and metric.html take it."""
    return {
        "number": 5,
        "title": text,
        "aim": text,
        "href": f"/{text}",
        "said": words.Said("improve", text),
        "sentence": text,
        "which": text,
        "spark": sparkline.sparkline(sparkline.Trend((1.0, 2.0), goal=3.0), text),
        "review": text,
        "set": text,
        "why": text,
        "end": {"href": f"/{text}", "number": 5, "words": text, "reason": True},
    }


def choices(text: str) -> list[dict[str, Any]]:
    """Return the choices of a field, with a heading and without."""
    options = [{"value": text, "text": text}]
    return [{"text": "", "options": options}, {"text": text, "options": options}]


def targets(text: str) -> Context:
    """Return the context of targets.html."""
    names = ("metric", "value", "percent", "statistic", "where", "period", "from", "review", "why")
    old = {"number": 4, "title": text, "aim": text, "which": text, "days": text, "set": text}
    return {
        **frame(text, "metrics"),
        "targets": [target_row(text)],
        "history": [old | {"why": text}],
        "form": dict.fromkeys(names, text),
        "metrics": choices(text),
        "statistics": choices(text),
        "periods": choices(text),
        "fault": "",
        "why_not": "",
        "of_metric": link(text),
    }


def no_targets(text: str) -> Context:
    """Return the context of targets.html for somebody who may set none, with a fault."""
    none: dict[str, Any] = {"targets": [], "history": [], "form": None, "of_metric": None}
    return {**targets(text), **none, "why_not": text, "fault": text}


def baseline_row(text: str) -> dict[str, Any]:
    """Return a baseline as baselines.html takes it."""
    step = dict.fromkeys(("phase", "team", "tickets", "hours", "each"), text) | {"touch": True}
    return {
        "number": 5,
        "title": text,
        "href": f"/{text}",
        "said": words.Said("held", text),
        "which": text,
        "sentence": text,
        "chart": sparkline.sparkline(sparkline.Trend((1.0, 2.0), (0.5, 2.5)), text),
        "why_not": text,
        "set": text,
        "voices": [{"words": text, "when": text, "why": text}],
        "accepted": text,
        "warnings": [text],
        "facts": [(text, text)],
        "steps": [step],
        "parts": [{"value": text, "text": text}],
        "may_object": True,
    }


def baselines(text: str) -> Context:
    """Return the context of baselines.html."""
    names = ("does", "metric", "statistic", "where", "period", "from", "to")
    end = {"href": f"/{text}", "number": 7, "words": text, "reason": True}
    mark = dict.fromkeys(("what", "title", "at", "which", "event", "why", "set", "ended"), text)
    return {
        **frame(text, "metrics"),
        "baselines": [baseline_row(text)],
        "superseded": [baseline_row(text)],
        "marks": [mark | {"href": f"/{text}", "end": end}, mark | {"href": "", "end": None}],
        "benchmarks": [
            {"title": text, "href": f"/{text}", "sentence": text, "end": end | {"number": 8}}
        ],
        "load": {"csv": text},
        "form": dict.fromkeys((*names, "why", "event", "event_day"), text),
        "does": choices(text),
        "metrics": choices(text),
        "statistics": choices(text),
        "periods": choices(text),
        "fault": "",
        "why_not": "",
        "named": True,
        "of_metric": link(text),
    }


def no_baselines(text: str) -> Context:
    """Return the context of baselines.html for somebody who may decide nothing, with a fault."""
    none: dict[str, Any] = {"baselines": [], "superseded": [], "marks": [], "benchmarks": []}
    none |= {"load": None, "form": None, "of_metric": None, "named": False}
    return {**baselines(text), **none, "why_not": text, "fault": text}


def owners(text: str) -> Context:
    """Return the context of owners.html."""
    gap = {"text": text, "href": f"/{text}", "note": text}
    line = {"number": 1, "text": text, "href": f"/{text}", "part": text, "means": text}
    line |= {"person": text, "rights": text, "set": text}
    end = {"href": f"/{text}", "number": 1, "words": text, "reason": False}
    lines = [line | {"end": end}, line | {"number": 2, "href": "", "end": None}]
    return {
        **frame(text, "metrics"),
        "gaps": [{"title": text, "open": True, "gaps": [gap]}],
        "kinds": [{"title": text, "lines": lines}],
        "loads": [{"who": text, "kind": text, "many": text, "why": text, "metrics": text}],
        "form": dict.fromkeys(("kind", "subject", "part", "person", "rights"), text),
        "known": [text],
        "kind_choices": choices(text),
        "part_choices": choices(text),
        "fault": text,
        "why_not": "",
    }


def signal(text: str, number: int = 3) -> dict[str, Any]:
    """Return a signal as signals.html and metric.html take it."""
    field: dict[str, Any] = {
        "id": f"dismiss-{number}",
        "name": "cause",
        "label": text,
        "kind": "text",
    }
    field |= {"kind": "text", "needed": True, "value": text}
    step = {"when": text, "who": text, "what": text, "words": text, "why": text, "version": 4}
    names = ("title", "which", "sentence", "against", "since", "state", "owner", "due", "response")
    return {
        **dict.fromkeys(names, text),
        "number": number,
        "href": f"/{text}",
        "said": words.Said("concern", text),
        "overdue": True,
        "spark": sparkline.sparkline(sparkline.Trend((1.0, 2.0)), text),
        "acts": [{"href": f"/{text}", "words": text, "open": True, "fields": [field]}],
        "trying": True,
        "history": [step],
    }


def signals(text: str) -> Context:
    """Return the context of signals.html."""
    bare = signal(text, 4) | {"overdue": False, "acts": [], "due": "", "response": "", "spark": ""}
    end = {"href": f"/{text}", "number": 1, "words": text, "reason": True}
    names = ("title", "which", "who", "what", "within", "set", "why")
    fields = ("metric", "where", "who", "name", "what", "days", "calendar", "why")
    stand = {"text": text, "href": f"/{text}", "rule": text}
    return {
        **frame(text, "metrics"),
        "looked": text,
        "may_look": True,
        "groups": [{"id": "to-do", "title": text, "note": text, "rows": [signal(text), bare]}],
        "stands": [
            {"said": words.Said("held", text), "open": True, "many": text, "metrics": [stand]}
        ],
        "protocols": [{**dict.fromkeys(names, text), "number": 1, "end": end}],
        "form": dict.fromkeys(fields, text),
        "metrics": choices(text),
        "who": choices(text),
        "calendars": choices(text),
        "fault": text,
        "set_fault": True,
        "why_not": "",
        "of_metric": link(text),
    }


def no_signals(text: str) -> Context:
    """Return the context of signals.html for somebody who may do nothing."""
    none: dict[str, Any] = {"groups": [], "stands": [], "protocols": [], "form": None}
    shown = {"may_look": False, "set_fault": False, "of_metric": None, "why_not": text}
    return {**signals(text), **none, **shown}


def exclusions(text: str) -> Context:
    """Return the context of exclusions.html."""
    row = {"number": 1, "which": text, "tickets_href": f"/{text}", "metric": text, "why": text}
    row |= {"metric_href": f"/{text}", "said": words.Said("held", text), "steps": [text]}
    end = {"href": f"/{text}", "number": 1, "words": text, "reason": True}
    rows = [
        row | {"approve_href": f"/{text}", "approve_not": "", "end": end},
        row | {"number": 2, "approve_href": "", "approve_not": text, "end": None},
    ]
    return {
        **frame(text, "metrics"),
        "groups": [{"title": text, "note": text, "rows": rows}],
        "form": dict.fromkeys(("metric", "where", "tickets", "from", "to", "why"), text),
        "metrics": choices(text),
        "fault": text,
        "why_not": "",
    }


def published_line(text: str) -> dict[str, Any]:
    """Return a published number as a line of a list."""
    names = ("ref", "href", "again_href", "title", "sentence", "note", "when", "by")
    return dict.fromkeys(names, text) | {"href": f"/{text}", "again_href": f"/{text}"}


def published(text: str) -> Context:
    """Return the context of published.html."""
    form = dict.fromkeys(("sentence", "note"), text) | {"action": f"/p?{text}", "longest": 200}
    return {
        **frame(text, "metrics"),
        "numbers": [published_line(text)],
        "all_href": f"/p?{text}",
        "form": form | {"back": f"/m?{text}"},
        "fault": text,
        "why_not": "",
    }


def published_number(text: str) -> Context:
    """Return the context of published_number.html."""
    row = dict.fromkeys(("period", "of", "value", "n", "was", "is"), text)
    compared = {"title": text, "tone": "steady", "words": text, "reasons": [text], "rows": [row]}
    return {
        **frame(text, "metrics"),
        "facts": [(text, text)],
        "rows": [row],
        "split": True,
        "again_href": f"/p?{text}",
        "compared": [compared],
    }


def withheld(text: str) -> Context:
    """Return the context of metric.html where no number is shown."""
    no_chart: dict[str, Any] = {"charted": None, "chart_spec": None, "points": {}, "signals": ()}
    return {**metric(text), **no_chart, "notice": notice(text), "drawer_open": False}


def explained(text: str) -> Explained:
    """Return a definition."""
    return Explained(
        metric="handed_over",
        title=text,
        question=text,
        decision=text,
        sentence=text,
        sql=f"SELECT '{text}'",
        engine=text,
        unit="share",
        good="lower",
        pitfalls=(text,),
        counter_metric=None,
        owner_role=text,
        source=text,
        example={"tickets": [{text: text, "at": None}], "gives": {text: 2.0}, "note": text},
        left_out=text,
        provenance=PROVENANCE,
    )


def tickets(text: str) -> Context:
    """Return the context of tickets.html."""
    kinds = ("ticket", "hours", "count", "instant", "phase", "yes_no", "words")
    unit = axis_unit("hours", 30)
    columns = [
        {
            "key": kind,
            "text": text,
            "kind": kind,
            "unit": unit if kind == "hours" else None,
            "drop": kind == "words",
            "sort_href": f"?{text}",
            "sorted": "descending" if kind == "hours" else "",
        }
        for kind in kinds
    ]
    row = {"ticket": text, "hours": 3.5, "count": 2, "instant": SEEN, "phase": text, "words": text}
    row |= {"yes_no": 1.0}
    return {
        **frame(text, "tickets"),
        "listed": TicketList(text, 2, (row, dict.fromkeys(kinds) | {"ticket": text}), PROVENANCE),
        "columns": columns,
        "ticket_hrefs": [f"/tickets/{text}", "/b"],
        "chips": [{"label": text, "words": text, "remove_href": f"?{text}"}],
        "add_filter": {**chooser(text), "name": "add"},
        "empty_words": text,
        "empty_links": [link(text)],
        "same_as": text,
        "sides": [{**link(text), "current": now} for now in (True, False)],
        "whose_clock": {"words": text, "other_by": text, **link(text)},
        "record": text,
        "suspect": [link(text)],
        "first": 1,
        "last": 2,
        "previous_href": f"?{text}",
        "next_href": f"?{text}",
        "csv_href": f"/csv?{text}",
        "with_year": False,
    }


def no_tickets(text: str) -> Context:
    """Return the context of tickets.html where no row is left."""
    return {**tickets(text), "listed": TicketList(text, 0, (), PROVENANCE), "ticket_hrefs": []}


def ticket(text: str) -> Context:
    """Return the context of ticket.html."""
    told = story((5, text, "new", "wait"), (3, text, text, "hold"), (2, "B", text, "work"))
    parts = ticket_parts.part_rows(told.parts)
    fact = {"label": text, "words": text, "tone": "", "href": f"/{text}"}
    return {
        **frame(text, "tickets"),
        "story": told,
        "facts": [fact, {**fact, "tone": "concern"}],
        "timelines": [timeline.timeline(told, shape) for shape in (timeline.WIDE, timeline.NARROW)],
        "parts": parts,
        "whole_clock": ticket_parts.whole_clock(parts),
        "bar": ticket_parts.clock_bar(parts),
        "bar_labels": ticket_parts.clock_labels(parts),
        "parts_title": text,
        "changes": changes(told),
        "cell_bar": bars.bar,
        "beside": [beside_lines.Line(told.intervals[0].since, text, text, text)],
        "spoken_before": True,
        "links": [{"words": text, "text": text, "href": f"/{text}"}],
        "outage": {
            "rows": [
                {"what": text, "counts": text, "told": text, "decided": each}
                for each in (True, False)
            ],
            "decided": text,
            "before": [text],
            "form": dict.fromkeys(("started", "detected", "why"), text),
            **dict.fromkeys(("source", "ticket_id", "fault", "zone"), text),
            "end_href": "/outages/1/end",
        },
        "changes_before": {
            "title": text,
            "words": text,
            "rows": [
                {
                    "change": {"text": text, "href": href},
                    **dict.fromkeys(("what", "how", "before", "near"), text),
                    "ended": datetime(2026, 3, 1, tzinfo=UTC),
                    "by_plan": not href,
                    "under_way": not href,
                    "named": not href,
                }
                for href in ("", f"/{text}")
            ],
            "more": 2,
            "windows": [{**link(text), "current": current} for current in (True, False)],
        },
        "previous": link(text),
        "next": link(text),
    }


def process_map(text: str) -> Context:
    """Return the context of map.html."""
    process = flow({(text, "B"): 5, (text, text): 2}, {text: 5}, {"B": 5})
    hrefs = Hrefs(step=lambda step: f"/s?{step}", way=lambda one, other: f"/w?{one}{other}")
    view = View(2, 2)
    paths = Variants("team", 9, 5, {}, (Variant((text, "B", None), 5, 1.0),), PROVENANCE)

    def name(step: str | None) -> str:
        return step_name(step, process.steps)

    return {
        **frame(text, "map"),
        "process": process,
        "notice": None,
        "suspect": [link(text), link("B")],
        "wide": map_picture(process, view, hrefs, pins={(text,): (1, 2), (text, "B"): (1,)}),
        "narrow": map_picture(process, View(2, 2, down=True), hrefs),
        "view": view,
        "all_steps": 2,
        "all_ways": 1,
        "most_steps": 2,
        "most_ways": 150,
        "rows_shown": 1,
        "clock": text,
        "links": [link(text), link("B")],
        "action": f"/map?{text}",
        "keep": [("where", text)],
        "step_kinds": [link(text), link(text)],
        "hrefs": hrefs,
        "variants": paths,
        "variant_hrefs": [f"/{text}"],
        "path_marks": path_marks(paths, name),
        "notes": pinned(text),
        "name": name,
        "cell_bar": bars.bar,
    }


def maps_compared(text: str) -> Context:
    """Return the context of maps_compared.html: one difference, one step without."""
    drawn = process_map(text)
    row = {
        "name": text,
        "tickets": [link(text), {"text": "0", "href": ""}],
        "shares": [text, text],
        "flow": text,
        "flow_told": True,
        "typical": [text, ""],
        "time": text,
        "said": words.Said("concern", text),
    }
    return {
        **frame(text, "map"),
        "suspect": [link(text)],
        "wide": drawn["wide"],
        "narrow": drawn["narrow"],
        "rows": [row, {**row, "flow_told": False, "said": None}],
        "more": 3,
        "caveats": [text],
    }


def spectrum(text: str) -> Context:
    """Return the context of spectrum.html: one batch, two ways."""
    return {
        **frame(text, "map"),
        "suspect": [link(text)],
        "picture": Markup("<svg></svg>"),
        "dotted": Markup("<svg></svg>"),
        "behind": link(text),
        "names": [text, text],
        "batches": [{"tickets": "5", "left": text, "came": text, "within": text}],
        "batch_count": 1,
        "ways": [
            {"text": text, "href": f"/{text}", "times": "5", "current": current}
            for current in (True, False)
        ],
        "notes": [text],
    }


def alerts(text: str) -> Context:
    """Return the context of alerts.html: a rule, a replay, a firing, a message that waits."""
    held = words.Said("held", text)
    act = {"href": f"/{text}", "words": text}
    texts = ("name", "until", "kind", "which", "to", "decision", "why", "set", "score", "proposal")
    rule = {
        **dict.fromkeys(texts, text),
        "number": 1,
        "said": held,
        "severity": held,
        "runbook": f"/{text}",
        "escalation": [text, text],
        "replay": "/alerts",
        "acts": [
            {**act, "id": "on-1", "until": False, "channel": True},
            {**act, "id": "mute-1", "until": True, "channel": False},
        ],
    }
    firing = {
        **dict.fromkeys(("rule", "what", "sure", "untold", "at", "goes_on", "mark"), text),
        "number": 1,
        "href": f"/{text}",
        "silenced": True,
        "escalated": [text],
    }
    would = {**dict.fromkeys(("at", "until", "what", "real"), text), "href": f"/{text}"}
    replayed = {
        "title": text,
        "sentence": text,
        "notes": [text],
        "sources": [text],
        "more": 1,
        "heads": dict.fromkeys(("at", "until", "real"), text),
        "picture": replay_chart(
            Shown((("2026-W01", 1.0, True), ("2026-W02", 2.0, False)), "hours", 1.5, "above"), text
        ),
        "marks": Marks((Mark(1, text, text, (text,), text, text),), {text: 3}),
        "what": text,
        "firings": [would],
    }
    typed = ["name", "metric", "above", "below", "clears", "lasting", "of", "windows", "period"]
    typed += ["split", "hours", "at_least", "about", "severity", "channel", "owner", "runbook"]
    typed += ["season", "ahead", "sure", "escalate"]
    names = ("kinds", "metrics", "periods", "seasons", "severities", "channels", "any_channel")
    silence: dict[str, Any] = {
        **dict.fromkeys(("which", "why", "by", "from", "until"), text),
        "said": held,
        "firings": [{"number": 1, "what": text}],
    }
    ended = {**silence, "number": 2, "firings": [], "may_end": False}
    sent = {**dict.fromkeys(("subject", "to", "at", "error", "tries"), text), "said": held}
    return {
        **frame(text, "metrics"),
        "rules": [rule],
        "retired": [dict.fromkeys(("name", "why", "when", "by"), text)],
        "replay": replayed,
        "firings": [firing],
        "silences": [{**silence, "number": 1, "may_end": True}, ended],
        "silence_rules": choices(text),
        "may_mark": True,
        "outbox": {"sentence": text, "unsent": [sent]},
        "may_test": True,
        "form": dict.fromkeys((*typed, "kind", "where", "decision", "why"), text),
        "choices": {name: choices(text) for name in names},
        "fault": "",
        "why_not": text,
    }


def no_alerts(text: str) -> Context:
    """Return the context of alerts.html where there is nothing, and a fault."""
    none: dict[str, Any] = {
        "rules": [],
        "retired": [],
        "replay": None,
        "firings": [],
        "silences": [],
    }
    none |= {"outbox": {"sentence": text, "unsent": []}, "may_test": False, "fault": text}
    return {**alerts(text), **none, "form": None}


def breach_risk(text: str) -> Context:
    """Return the context of breach_risk.html."""
    names = ("team", "priority", "chance", "used", "left", "due", "why")
    rows = [
        {**dict.fromkeys(names, text), "ticket": link(text), "said": words.Said(tone, text)}
        for tone in ("concern", "steady")
    ]
    return {
        **frame(text, ""),
        "learning": False,
        "sorts": True,
        "rows": rows,
        "more": text,
        "tested": [text],
        "picture": reliability_plot([Bin(40, 0.2, 0.25, 0.1, 0.4)], text),
        "bins": [dict.fromkeys(("said", "broke", "between", "n", "leaning"), text)],
        "alert": text,
        "suspect": [link(text)],
    }


def summary(text: str) -> Context:
    """Return the context of summary.html."""
    line = {**dict.fromkeys(("value", "before", "year_before", "n", "words"), text), "spark": ""}
    lines = [
        {**line, "title": link(text), "said": words.Said("concern", text)},
        {**line, "title": link(text), "said": None},
    ]
    told = {"title": text, "words": text}
    return {
        **frame(text, "home"),
        "lines": lines,
        "targets": [{**told, "said": words.Said("improve", text)}],
        "objectives": [told],
        "signals": [{**told, "state": text, "href": f"/{text}"}],
        "found_in": text,
        "findings": [text],
        "score": text,
    }


def compared(text: str) -> Context:
    """Return the context of compared.html, a group in each state."""
    names = ("why_not", "raw", "adjusted", "direct", "between", "in_common", "n")
    rows = [
        {**dict.fromkeys(names, text), "group": link(text), "said": words.Said(tone, text)}
        for tone in ("concern", "improve", "steady", "held")
    ]
    judged = [
        FairRow(*(text, n, 0.5, share, 0.5, 0.4, 0.6, 1.0, 0.0, verdict))
        for n, share, verdict in ((400, 0.9, "worse"), (90, 0.5, "steady"), (50, 0.1, "better"))
    ]
    picture = funnel_plot(judged, funnel([(each.n, each.raw) for each in judged], 0.5), text)
    more = {"reversal": text, "by": text, "caveats": [text], "suspect": [link(text)]}
    return {**frame(text, "metrics"), **more, "rows": rows, "picture": picture}


def decomposed(text: str) -> Context:
    """Return the context of decomposed.html."""
    names = ("before", "after", "share_before", "share_after", "mix", "rate", "total")
    rows = [{**dict.fromkeys(names, text), "segment": text}]
    more = {"by": text, "total": [text] * 5, "caveats": [text], "suspect": [link(text)]}
    happened = [{"when": text, "words": text}]
    return {**frame(text, "metrics"), **more, "rows": rows, "happened": happened}


def objectives(text: str) -> Context:
    """Return the context of objectives.html, an objective in each state."""
    burn = {"window": text, "limit": text, "long": text, "short": text}
    row: dict[str, Any] = {
        **dict.fromkeys(
            ("title", "sentence", "days", "spent", "left", "with_all", "all_hours"), text
        ),
        "said": words.Said("concern", text),
        "metric": link(text),
        "decision": text,
        "suspect": True,
        "burns": [
            {**burn, "burning": True, "said": words.Said("concern", text)},
            {**burn, "burning": False, "said": words.Said("steady", text)},
        ],
        "scale": text,
        "spark": sparkline.sparkline(sparkline.Trend((1.0, 0.5)), text),
    }
    bare = {
        **row,
        "spent": "",
        "with_all": "",
        "all_hours": "",
        "burns": [],
        "spark": "",
        "suspect": False,
    }
    rows = [{**row, "name": "one"}, {**bare, "name": "two"}]
    return {**frame(text, ""), "rows": rows, "folder": "slos"}


def checks(text: str) -> Context:
    """Return the context of checks.html, a check in each state and one more that holds."""
    touched = ("handed_over", text)
    looked = tuple(
        Check(f"c-{at}", text, state, True, 3, 0.1, (text, "x"), touched, text, text)
        for at, state in enumerate((*STATES, "pass"))
    )
    return {
        **frame(text, "checks"),
        "checked": Checked(looked, 2, PROVENANCE, Score(50, 6, 1, held=True)),
        "trust": trust(text),
        "metric_hrefs": {"handed_over": (text, f"/{text}")},
        "scores": [{"name": text, "words": text, "score": Score(None, 0, 1)}],
        "affected": [
            {**link(text), "numbers": numbers, "checks": [link(text), link("B")]}
            for numbers in ("suspect", "withheld")
        ],
        "not_compared": [replace(looked[0], id=f"idle-{text}")],
        "examples": {each.id: [link(text), {"text": text, "href": ""}] for each in looked},
        "groups": [
            {"state": state, "title": text, "checks": [c for c in looked if c.state == state]}
            for state in STATES
        ],
    }


def catalogue(text: str) -> Context:
    """Return the context of catalogue.html."""
    one: dict[str, Any] = {
        "id": text,
        "title": text,
        "href": f"/{text}",
        "question": text,
        "whose_clock": {"words": text, "other_by": text, **link(text)},
        "unit": text,
    }
    one |= {"good": text, "statistics": [text], "counter": text, "counter_href": f"/{text}"}
    one |= {"state": words.Said("held", text), "marks": [text], "beside": text, "aspect": text}
    return {
        **frame(text, "catalogue"),
        "practices": [{"id": text, "title": text, "metrics": [one]}],
        "score_cards": [{**link(text), "gaps": text}],
        "used": {
            "sentence": text,
            "rows": [{"title": text, "href": f"/{text}", "last": text, "needed_by": text}],
        },
        "leading_href": f"/{text}",
        "words": text,
        "all_href": f"/{text}",
    }


def versions(text: str) -> Context:
    """Return the context of versions.html."""
    lines = [VersionLine(number, SEEN, text, text, 10, 20, SEEN) for number in (2, 1)]
    hrefs = {2: f"/{text}"}
    lost = GoneTicket(*(text, text, "merged", SEEN, text, text, text, SEEN, SEEN, text, text, text))
    changed = IntegrationChange(2, 1, text, SEEN, ("words",), (text, text))
    moved = KpiBefore("m", text, "hours", "lower", "median", 2.0, 4.0, 10, 10)
    return {
        **frame(text, ""),
        "versions": lines,
        "current": 2,
        "audit_href": "/audit",
        "version_hrefs": hrefs,
        "integration": {
            "changes": [{"change": changed, "href": f"/{text}", "current": True}],
            "compared": [{"of": Compared(changed, 3, 1, 2), "rows": [(moved, text, f"/{text}")]}],
        },
        "gone": [lost, lost],
        "most_gone": 1,
        "zone": "UTC",
    }


def calendars(text: str) -> Context:
    """Return the context of calendars.html, with one that cannot be read."""
    lines = [CalendarLine(text, text, text, text, 40.0, text), CalendarLine("x", fault=text)]
    return {**frame(text, ""), "calendars": lines, "hrefs": {text: f"/{text}"}}


def where_orders_wait(text: str) -> Context:
    """Return the context of requests.html, with one of everything."""
    row = {"name": text, "n": 3, "href": "/o", "median": text, "p90": text, "interval": text}
    row |= {"bar": stacked([("work", 0.5, text), ("hold", 0.5, text)]), "parts": [text] * 3}
    row |= {"promise": text, "promise_hours": text, "promise_href": "/p"}
    decided = Decided(text, text, 40, 40, 40, 0, 40, 0.1, 0.9, 1.0, 2.0, 3.0, 80.0)
    line = TaskLine(text, text, 3, 1.0, 2.0, 2, 2, 0.1, 0.9, 5.0)
    piece = Piece(text, 3, 1, 0.1, 0.9, 2.0, 2.0, 1)
    held = Finding(
        *("F", "kind", Lane.TIME, text, 1.0, "share", None, 3, "m", Evidence("q", 1)),
        worth_hours=4.0,
        caveats=(text,),
    )
    bundle = {
        "bundle": Bundles(text, 3, 3, 1.0, 2.0, 3, 2, 0.1, 0.9, {"promise": 3}, (piece,)),
        "tasks": Tasks(text, 3, 0, {"serial": 3}, (text, text), 3, (line,), ()),
        "pieces": [{"line": line, "piece": piece, "decides_href": "/d", "late_href": "/l"}],
        "href": "/b",
        "in_time_href": "/t",
        "sentence": text,
    }
    automated = Automation(text, 20, 30.0, 1.0, 2.0, 0.5, 2, 0.9, 0.6)
    return {
        **frame(text, ""),
        "never": [],
        "approvals_href": "/a",
        "suspect": [link(text)],
        "group": text,
        "rows": [row | {"right": text, "right_href": "/r"}],
        "findings": [
            {"finding": held, "href": "/h", "money": text},
            {"finding": held, "href": "", "money": ""},
        ],
        "priced": True,
        "more_findings": 2,
        "steps": [{"each": decided, "asked_href": "/a", "refused_href": "/n"}],
        "chains": [decided],
        "first": FirstTime(None, 3, 2, 0.1, 0.9, {"rework": 1}),
        "first_href": "/f",
        "judged_href": "/j",
        "days": 14,
        "reasons": [{"words": text, "n": 1, "href": "/w"}],
        "bundles": [bundle],
        "health": Health(3, (text,), (), (), (automated,), (), 14, PROVENANCE),
        "item_hrefs": {text: "/i"},
    }


def orders(text: str) -> Context:
    """Return the context of orders.html, with an order that is still open."""
    hours = dict.fromkeys(("hours", "touch_hours", "wait_hours", "approval_hours"))
    row = {"ticket_id": text, "item": text, "team": text, "opened_at": SEEN, **hours}
    listed = OrderList(text, 2, (row, {**row, **dict.fromkeys(hours, 2.0)}), 0, PROVENANCE)
    return {
        **frame(text, ""),
        "listed": listed,
        "noun": "order",
        "hrefs": ["/a", "/b"],
        "first": 1,
        "last": 2,
        "previous_href": "/p",
        "next_href": "/n",
    }


def approvals(text: str) -> Context:
    """Return the context of approvals.html, with one of everything."""
    figures = ("name", "steps", "tickets", "decided", "refused", "most_refused", "unchanged")
    more = ("unchanged_between", "median", "p90", "hours", "waiting", "of")
    row = {**dict.fromkeys((*figures, *more), text), "links": [link(text)]}
    level = {**row, "href": "/a", "waits": 1, "waiting_href": "/w"}
    return {
        **frame(text, ""),
        "suspect": [link(text)],
        **dict.fromkeys(("noun", "item"), text),
        "levels": [level, {**level, "waits": 0}],
        "parts": [{"id": "steps", "title": text, "rows": [row], "more": 2}],
        "never": [row],
        "fewest": 30,
    }


def calendar_year(text: str) -> Context:
    """Return the context of calendar.html, with a month that holds a day of each kind."""
    kinds = (("open", "forward"), ("closed", "back"), ("holiday", ""), ("exception", ""))
    cells = [Cell(n, 0, kind, clocks, text, text) for n, (kind, clocks) in enumerate(kinds)]
    week = (*cells, *[Cell(9, 1, "open", "", text, "")] * 2, None)
    grid = YearGrid((Month(text, text, (week, week)),), (((540, 720), (780, 1020)), ()))
    more = {"line": CalendarLine(text, text), "year": 2026, "years": [link(text)], "grid": grid}
    differing = [{"day": text, "what": text, "hours": text, "open": text}]
    return {**frame(text, ""), **more, "differing": differing}


def error(text: str) -> Context:
    """Return the context of error.html, without any data behind it."""
    given = frame(text, "")
    page = {**given["page"], "provenance": None, "state": []}
    return {**given, "page": page, "hint": text, "links": [link(text)], "reference": text}


def given(text: str) -> Context:
    """Return the context of import.html before a sync."""
    file = {
        "name": text,
        "size": "2 kB",
        "changed": SEEN,
        "mapping": text,
        "said": Said("concern", text),
        "message": text,
        "read": 3,
        "accepted": 2,
        "known": 1,
        "rejected": 0,
        "version": 4,
    }
    more = {"fault": False, "files": [file], "synced": False, "faults": [text]}
    return {**frame(text, "import"), **more, "limit": "2 GB", "limit_bytes": 2_000_000_000}


def synced(text: str) -> Context:
    """Return the context of import.html after a sync."""
    return {**given(text), "synced": True}


def drafted(text: str) -> Context:
    """Return the context of import_mapping.html with a mapping that can be used."""
    return {
        **frame(text, "import"),
        "token": "0" * 32,
        "file": text,
        "name": text,
        "text": text,
        "replace": True,
        "notice": "",
        "asks": [text],
        "fault": None,
        "facts": [(text, text)],
        "phases": [(text, 3)],
        "practices": [(text, 3), (text, 4)],
        "tickets": 7,
        "reasons": [Reason(text, text, 2, text)],
        "unmapped": [(text, text, 5)],
        "mappings": [text],
        "belongs_to": text,
    }


def faulty(text: str) -> Context:
    """Return the context of import_mapping.html with a mapping that has a fault."""
    none: Context = {"facts": [], "phases": [], "practices": [], "reasons": [], "unmapped": []}
    fault = {"line": 3, "text": text, "message": text, "hint": text}
    return {**drafted(text), **none, "fault": fault, "notice": text, "belongs_to": ""}


def score_card(text: str) -> Context:
    """Return the context of scorecard.html."""
    told = {"title": text, "gap": True, "found": text, "metrics": [link(text), link(text)]}
    return {**frame(text, "metrics"), "aspects": [told]}


def imported(text: str) -> Context:
    """Return the context of imported.html."""
    return {
        **frame(text, "import"),
        "facts": [(text, text)],
        "reasons": [(text, 2)],
        "unmapped": [(text, text, 5)],
        "rejected_href": f"/{text}",
        "words_href": f"/{text}",
        "links": [link(text)],
    }


def _framed(made: Callable[[str], dict[str, Any]]) -> Callable[[str], Context]:
    """Put what every page is given around a context."""
    return lambda text: {**frame(text, "metrics"), **made(text)}


PAGES = {
    "home": ("home.html", home),
    "metric": ("metric.html", metric),
    "metric_withheld": ("metric.html", withheld),
    "tickets": ("tickets.html", tickets),
    "tickets_none": ("tickets.html", no_tickets),
    "ticket": ("ticket.html", ticket),
    "map": ("map.html", process_map),
    "maps_compared": ("maps_compared.html", maps_compared),
    "spectrum": ("spectrum.html", spectrum),
    "checks": ("checks.html", checks),
    "catalogue": ("catalogue.html", catalogue),
    "versions": ("versions.html", versions),
    "scorecard": ("scorecard.html", score_card),
    "calendars": ("calendars.html", calendars),
    "calendar": ("calendar.html", calendar_year),
    "requests": ("requests.html", where_orders_wait),
    "orders": ("orders.html", orders),
    "approvals": ("approvals.html", approvals),
    "error": ("error.html", error),
    "import": ("import.html", given),
    "import_synced": ("import.html", synced),
    "import_mapping": ("import_mapping.html", drafted),
    "import_mapping_faulty": ("import_mapping.html", faulty),
    "imported": ("imported.html", imported),
    "baselines": ("baselines.html", baselines),
    "baselines_none": ("baselines.html", no_baselines),
    "targets": ("targets.html", targets),
    "alerts": ("alerts.html", alerts),
    "alerts_none": ("alerts.html", no_alerts),
    "summary": ("summary.html", summary),
    "breach_risk": ("breach_risk.html", breach_risk),
    "breach_risk_later": (
        "breach_risk.html",
        lambda text: {**breach_risk(text), "learning": True},
    ),
    "compared": ("compared.html", compared),
    "decomposed": ("decomposed.html", decomposed),
    "objectives": ("objectives.html", objectives),
    "no objectives": ("objectives.html", lambda text: {**objectives(text), "rows": []}),
    "targets_none": ("targets.html", no_targets),
    "owners": ("owners.html", owners),
    "published": ("published.html", published),
    "published_number": ("published_number.html", published_number),
    "signals": ("signals.html", signals),
    "signals_none": ("signals.html", no_signals),
    "exclusions": ("exclusions.html", exclusions),
    **{
        name: (file, _framed(made))
        for name, (file, made) in (DECIDED | WAITING | CONFORMING | FINDINGS | NOTES).items()
    },
}

"""Audit exceptions by period: counted by hand, adding up, judged by a chart, withheld when few."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownName
from opsgauge.governance.access import Actor
from opsgauge.operations.conformance.over_time import Asked, OverTime, exceptions
from opsgauge.operations.conformance.rules import RuleBehind, conformance, rule_tickets
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.cli.conftest import Run, opsgauge
from tests.conftest import Intake, with_settings

__all__ = ["opsgauge"]
RULES = """\
no_wait:
  title: Nobody waits
  steps: original_status
  absence: {step: Wait}
  exceptions:
    - {ticket: "1-0", why: Agreed}
work_first:
  title: Nothing is done before somebody works on it
  precedence: {step: resolved, only_after: in_progress}
"""
# Of ten tickets a month, how many wait, and how many are done without work.
WAIT = [1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 9, 1]
IDLE = 2


def rows() -> str:
    """Return ten tickets a month of 2025; those that wait come first, those without work last."""
    lines = ["number,at,state,team,who"]
    for month, waiting in enumerate(WAIT, start=1):
        for n in range(10):
            path = ["New"]
            path += ["Work"] if n < 10 - IDLE else []
            path += ["Wait"] if n < waiting else []
            path += ["Done"]
            lines += [
                f"{month}-{n},2025-{month:02}-10T{8 + at:02}:00Z,{state},A,ann"
                for at, state in enumerate(path)
            ]
    lines += [f"open-{n},2026-01-05T08:00Z,New,A,ann" for n in range(3)]
    lines += ["last,2026-01-20T08:00Z,New,A,ann"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a year of a desk with two rules."""
    made = Intake(tmp_path_factory.mktemp("exceptions"))
    made.takes(rows())
    (made.workspace.path / "rules" / "desk.yaml").write_text(RULES, "utf-8")
    yield made
    made.close()


@pytest.fixture(scope="module")
def ctx(desk: Intake) -> Context:
    """Return its context, which remembers."""
    clock = fixed_clock(datetime(2026, 2, 1, tzinfo=UTC))
    return replace(desk.context, readers=Readers(remember=True), clock=clock)


def counts(told: OverTime, rule: str) -> list[tuple[int, int, int]]:
    """Return judged, broken and excepted of each period of a rule."""
    [series] = [each for each in told.series if each.name == rule]
    return [(each.n, each.broken, each.excepted) for each in series.rows]


@pytest.mark.row("CON-06")
def test_exceptions_are_counted_by_the_month_of_the_opening(ctx: Context) -> None:
    """Of each rule, and of any: a ticket that breaks two is one; one excused breaks none."""
    told = exceptions(ctx, Asked())
    waits = [(10, n, 0) for n in WAIT]
    waits[0] = (10, 0, 1)  # 1-0 is excused
    assert counts(told, "no_wait") == [*waits, (0, 0, 0)]
    assert counts(told, "work_first") == [(10, IDLE, 0)] * 12
    any_rule = [(10, min(n + IDLE, 10), 0) for n in WAIT]
    any_rule[0] = (10, IDLE, 1)
    any_rule[10] = (10, 10, 0)  # nine wait and two are done without work: one does both
    assert counts(told, "") == [*any_rule, (0, 0, 0)]

    for state in conformance(ctx).states:
        rows = next(each.rows for each in told.series if each.name == state.rule.name)
        assert sum(each.broken for each in rows) == state.of("broken")
        assert sum(each.n for each in rows) == state.n


@pytest.mark.row("CON-06")
def test_a_month_that_stands_out_is_told(ctx: Context) -> None:
    """November is outside the limits of its chart; the newest month, still open, is not judged."""
    told = exceptions(ctx, Asked(rules=("no_wait",)))
    [series] = told.series
    by_month = {each.period: each for each in series.rows}
    assert (by_month["2025-11"].verdict, bool(by_month["2025-11"].signals)) == ("worse", True)
    assert not by_month["2025-06"].signals
    assert (by_month["2026-01"].undecided, by_month["2026-01"].whole) == (4, False)
    assert series.newest is by_month["2025-12"]
    assert series.sentence().startswith(
        "10.0\u202f% of 10 judged tickets opened in 2025-12 break it"
    )
    quarter = exceptions(ctx, Asked("quarter", ("no_wait",))).series[0]
    assert [each.broken for each in quarter.rows] == [3, 4, 4, 11, 0]
    assert quarter.chart is None  # five are too few
    assert quarter.why


@pytest.mark.row("CON-06")
def test_each_number_of_the_page_leads_to_as_many_tickets(ctx: Context) -> None:
    """By the rule and the month, within the days that are chosen."""
    days = Selection(from_=date(2025, 10, 1), to=date(2025, 11, 30))
    told = exceptions(ctx, Asked(rules=("no_wait",)), days)
    assert counts(told, "no_wait") == [(10, 1, 0), (10, 9, 0)]
    november = Selection(from_=date(2025, 11, 1), to=date(2025, 11, 30))
    assert rule_tickets(ctx, RuleBehind("no_wait", "broken"), november).total == 9
    client = TestClient(make_app(ctx), base_url="http://127.0.0.1:8787")
    page = client.get("/conformance/exceptions?rule=no_wait").text
    href = (
        "/conformance/tickets?from=2025-11-01&amp;to=2025-11-30&amp;rule=no_wait&amp;outcome=broken"
    )
    assert f'<a class="shown" href="{href}">9</a>' in page
    assert "More than usual" in page
    twin = client.get("/api/v1/conformance/exceptions?rule=no_wait").json()
    assert twin == exceptions(ctx, Asked(rules=("no_wait",))).as_json()


def test_what_cannot_be_asked_is_refused(ctx: Context) -> None:
    """A period, a rule, and a right that are not there."""
    with pytest.raises(QueryWrong, match="no period 'fortnight'"):
        exceptions(ctx, Asked("fortnight"))
    with pytest.raises(UnknownName, match="Did you mean 'no_wait'"):
        exceptions(ctx, Asked(rules=("nowait",)))
    with pytest.raises(NotAllowed, match="conformance:read"):
        exceptions(replace(ctx, actor=Actor("eve", ())), Asked())
    none = exceptions(ctx, Asked(), Selection((Condition("team", ("Z",)),)))
    assert none.sentence() == "No period is settled yet"
    assert exceptions(ctx, Asked()).sentence().startswith("30.0\u202f% of 10 judged tickets")


def test_periods_of_few_tickets_are_withheld(ctx: Context) -> None:
    """With another beside, so that the whole of the rule gives none away."""
    days = Selection(from_=date(2025, 10, 10), to=date(2025, 12, 31))
    few = with_settings(ctx, suppress_below=11)
    [series] = exceptions(few, Asked(rules=("work_first",)), days).series
    assert all(each.suppressed and not each.n for each in series.rows)
    assert all(each["share"] is None for each in series.as_json()["rows"])


def test_the_command_prints_each_rule(opsgauge: Run, ctx: Context) -> None:
    """Its exit code says whether the newest month stands out."""
    where = ("--workspace", str(ctx.workspace.path))
    told = opsgauge("conformance", "exceptions", *where)
    assert told.code == 0
    for words in ("Any rule: ", "Nobody waits: ", "2025-11", "worse", "not settled"):
        assert words in told.out
    until = ("--to", "2025-11-30", "--rule", "no_wait")
    assert opsgauge("conformance", "exceptions", *until, *where).code == 1
    lines = opsgauge("conformance", "exceptions", "--format", "csv", *where).out.splitlines()
    assert lines[0].startswith("rule,period,n,broken,excepted,undecided")

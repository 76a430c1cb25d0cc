"""Money beside hours, wherever hours are told, and nowhere without rates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsgauge.foundation.money import Rates
from opsgauge.operations.context import Context
from opsgauge.operations.describe import describe
from opsgauge.operations.find import find
from opsgauge.operations.flow import Selection
from opsgauge.operations.home import home
from opsgauge.operations.opened import Readers
from opsgauge.operations.paths import walked_paths
from opsgauge.operations.vital_few import vital_few
from opsgauge.operations.waiting import waits
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake, with_settings
from tests.operations.test_find import export as bouncing
from tests.operations.test_waiting import export as waiting

EUROS = Rates(currency="EUR", waited=4.0, worked=50.0)
ALL = Selection()
OF_MONEY = re.compile(r"\bmoney\b|_money|currenc|\bEUR\b|_an_hour|\brates?_?fit\b", re.IGNORECASE)
PAGES = (
    "/",
    "/findings",
    "/descriptions",
    "/waiting",
    "/waiting/why",
    "/handoffs",
    "/paths",
    "/causes/pareto?measure=hours&by=team",
    "/requests",
    "/checks",
)
PRICED = (
    "/findings",
    "/descriptions",
    "/waiting",
    "/paths",
    "/causes/pareto?measure=hours&by=team",
)
TWINS = (
    "/api/v1/home",
    "/api/v1/findings",
    "/api/v1/descriptions",
    "/api/v1/waiting/steps",
    "/api/v1/paths",
    "/api/v1/causes/pareto?measure=hours&by=team",
    "/api/v1/checks",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Import a desk of which two teams bounce tickets, and one whose tickets are done, as one."""
    made = Intake(tmp_path_factory.mktemp("priced"))
    made.takes(bouncing(), name="bouncing.csv", mapping=MAPPING + "practice: incident\n")
    done = waiting().replace("\nT", "\nQ")
    made.takes(done, name="done.csv", mapping=MAPPING + "practice: incident\n")
    yield Context(made.workspace, readers=Readers(remember=True))
    made.close()


def browser(ctx: Context) -> TestClient:
    """Return a browser of a server with these settings."""
    alone = replace(ctx, readers=Readers(in_memory=True, remember=True))
    return TestClient(make_app(alone), base_url="http://127.0.0.1:8787")


def without(answer: Any) -> Any:
    """Return an answer without what is told of money."""
    if isinstance(answer, Mapping):
        return {k: without(v) for k, v in answer.items() if not OF_MONEY.search(k)}
    return [without(each) for each in answer] if isinstance(answer, list) else answer


@pytest.mark.row("MAP-04")
@pytest.mark.row("MAP-06")
@pytest.mark.row("MAP-03")
@pytest.mark.row("RCA-05")
def test_money_is_hours_times_the_rate_everywhere(desk: Context) -> None:
    """Of findings with their intervals, descriptions, steps of waiting, paths and groups."""
    ctx = with_settings(desk, rates=EUROS)
    [pair, *_] = find(ctx).as_json()["findings"]
    described = describe(ctx, steps="team").as_json()["descriptions"]
    steps = waits(ctx).as_json()
    paths = walked_paths(ctx, limit=200).as_json()["rows"]
    groups = vital_few(ctx, ALL, "team", "hours").as_json()

    assert pair["worth_money"] == pytest.approx(4 * pair["worth_hours"])
    assert [pair[f"{name}_money"] for name in ("size", "low", "high")] == pytest.approx(
        [4 * pair[name] for name in ("size", "low", "high")]
    )
    assert described
    for row in described:
        delayed = row["hours"]
        assert row["money"] is None if delayed is None else row["money"] <= 4 * delayed + 1e-9
    rows = [row for row in steps["rows"] if row["recoverable_hours"] is not None]
    for row in rows:
        for hours, money in (("recoverable_hours", "recoverable_money"), ("low", "low_money")):
            assert row[money] == pytest.approx(4 * row[hours])
    assert sum(row["recoverable_money"] for row in rows) == pytest.approx(
        steps["recoverable_money"]
    )
    assert sum(row["waited_money"] for row in paths) == pytest.approx(
        4 * sum(row["hours"] for row in paths)
    )
    assert sum(row["money"] for row in groups["rows"]) == pytest.approx(4 * groups["total"])
    assert {steps["waited_an_hour"], groups["waited_an_hour"]} == {4.0}


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(rate=st.floats(0.01, 1e5), code=st.sampled_from(["EUR", "JPY", "BRL"]))
def test_a_rate_changes_no_number_and_no_order(desk: Context, rate: float, code: str) -> None:
    """What comes first goes by hours, whatever they cost; a changed rate holds at once."""
    priced = replace(
        desk,
        workspace=replace(
            desk.workspace,
            settings=desk.workspace.settings.model_copy(
                update={"rates": Rates(currency=code, waited=rate)}
            ),
        ),
    )
    for ask in (
        lambda ctx: waits(ctx).as_json()["rows"],
        lambda ctx: describe(ctx, steps="team").as_json(),
        lambda ctx: vital_few(ctx, ALL, "team", "hours").as_json(),
    ):
        assert without(ask(priced)) == ask(desk)
    [pair, *_] = find(priced).as_json()["findings"]
    assert pair["worth_money"] == pytest.approx(rate * pair["worth_hours"])
    assert pair["currency"] == code


def test_the_one_thing_says_what_it_is_worth_in_money_too(desk: Context) -> None:
    """As its reason, on Home too once somebody has looked."""
    ctx = with_settings(desk, rates=EUROS)
    found = find(ctx).one_thing
    shown = home(ctx)

    assert found is not None
    assert re.search(r"It is worth [\d,]+ hours or EUR\u00a0[\d,]+, and", found.reason)
    assert shown.one_thing == found
    assert "money" not in find(desk).as_json()["one_thing"]["reason"]


def test_work_alone_prices_no_waiting(desk: Context) -> None:
    """An hour that a ticket waits is no hour that somebody works."""
    ctx = with_settings(desk, rates=Rates(currency="EUR", worked=50.0))

    for answer in (find(ctx), describe(ctx), waits(ctx), vital_few(ctx, ALL, "team", "hours")):
        assert not OF_MONEY.search(str(answer.as_json()))


def test_without_rates_no_page_and_no_answer_speaks_of_money(desk: Context) -> None:
    """With them, each that tells hours does."""
    plain, priced = browser(desk), browser(with_settings(desk, rates=EUROS))
    for address in (*PAGES, *TWINS):
        answer = plain.get(address)
        assert answer.status_code == 200, address
        assert not OF_MONEY.search(answer.text), address
    for address in (*PRICED, *(each for each in TWINS if each[7:] not in ("/home", "/checks"))):
        assert "EUR" in priced.get(address).text, address

"""The page about baselines, and what a metric's page draws and says by them."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from opsgauge.governance.access import LOCAL, everywhere
from tests.conftest import Intake
from tests.web.pages.desk import make_desk
from tests.web.pages.test_agreed import HOSTILE, Visit, actions, fields

FREEZE = {
    "does": "freeze",
    "metric": "time_to_resolve",
    "period": "week",
    "where": "team=Desk",
    "why": "All that there is.",
}
CHART = "/metrics/time_to_resolve?period=week&where=team=Desk"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of sixteen weeks of its own, since these tests write into its records."""
    held = make_desk(tmp_path_factory.mktemp("baselines"))
    yield held
    held.close()


@pytest.fixture(scope="module")
def visit(own: Intake) -> Visit:
    """Return whoever sits at the machine, where nobody signs in."""
    return Visit(own, LOCAL)


def drawn(visit: Visit) -> dict[str, Any]:
    """Return what the chart on the metric's page is drawn from."""
    source = visit.see(CHART).source
    spec = json.loads(re.findall(r'id="chart-spec">(.*?)</script>', source)[0])
    return dict(spec["datasets"])


@pytest.mark.row("BAS-01")
@pytest.mark.row("BAS-02")
def test_a_baseline_is_frozen_by_the_form_signed_and_drawn_on_its_metric(visit: Visit) -> None:
    """Provisional until both have signed; then the metric's page says whose limits they are."""
    assert visit.see("/baselines").headline == "No baseline is frozen"
    filled = next(e.href for e in visit.see(CHART).links if e.text == "Freeze a baseline")
    assert fields(visit.see(filled.partition("#")[0]))["where"] == "team=Desk"
    page = visit.send("/baselines", **FREEZE)
    assert page.headline == "1 baseline: 1 provisional"
    assert "c-band" in page.source
    assert "It is no target" in page.words
    assert "Limits frozen from" not in visit.see(CHART).words

    [sign] = [each for each in actions(page) if each.endswith("/sign")]
    visit.send(sign, part="owner", person="Ana")
    same = visit.send(sign, part="frontline", person="ana")
    assert (same.status, "The other signature is another person’s" in same.words) == (400, True)
    signed = visit.send(sign, part="frontline", person="Bo")
    assert signed.headline == "1 baseline: 1 signed"
    against = sign.replace("/sign", "/object")
    said = visit.send(against, why=HOSTILE, person="Cleo")
    assert "Cleo (objection, named, not signed in)" in said.words
    assert "<script>alert" not in said.source

    metric = visit.see(CHART)
    assert re.search(
        r"Limits frozen from \d+ weeks to 2026-\d\d-\d\d, signed by Ana \(owner, named, not signed "
        r"in\) and Bo \(frontline, named, not signed in\)\.",
        metric.words,
    )
    assert "Baseline Signed" in metric.words


@pytest.mark.row("BAS-10")
@pytest.mark.row("SPC-05")
def test_a_rebase_and_an_excluded_point_show_on_the_chart_until_undone(visit: Visit) -> None:
    """The limits step at the rebase; the point is hollow and its tooltip says why."""
    form = {key: value for key, value in FREEZE.items() if key != "does"}
    asked = form | {"from_": "2026-W10", "event": "A new tool.", "event_day": "2026-03-02"}
    visit.send("/baselines", does="rebase", **asked)
    data = drawn(visit)
    first, second = data["centre"]
    assert (first["to"], len(data["band"])) == (second["at"], 2)
    page = visit.send("/baselines", does="exclude", **(form | {"from_": "2026-W05"}))
    assert "Begins anew: A new tool. (2026-03-02)" in page.words
    notes = [row["tip"].get("Note", "") for row in drawn(visit)["open"]]
    assert "excluded: All that there is." in notes
    undo = [each for each in actions(page) if each.startswith(("/rebases", "/excluded-points"))]
    undone = [visit.send(each, why="It was none.") for each in undo][-1]
    assert undone.words.count("It was none.") == 2


@pytest.mark.row("BAS-09")
def test_benchmarks_are_loaded_by_the_form(visit: Visit) -> None:
    """What is wrong in a line is told, and nothing of it is taken."""
    heads = "metric,source,date,peer_group,percentile,value,differences"
    line = f"time_to_resolve,{HOSTILE.replace(',', '')},2025-06-30,Banks,50,9.5,Weekends."
    page = visit.send("/benchmarks", csv=f"{heads}\n{line}".replace('"', "'"))
    assert "Banks, percentile 50: 9.5 h" in page.words
    assert "<script>alert" not in page.source
    wrong = visit.send("/benchmarks", csv=f"{heads}\nno_metric,a,2025-01-01,b,50,1,c")
    assert (wrong.status, "there is no metric 'no_metric'" in wrong.words) == (400, True)
    [end] = [each for each in actions(page) if each.startswith("/benchmarks/")]
    assert "No benchmark is loaded" in visit.send(end, why="Old.").words


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"metric": ""}, "There is no metric ''"),
        ({"from_": "soon"}, "is no week of the chart"),
        ({"where": "teem=Desk"}, "teem"),
        ({"does": "rebase", "from_": "2026-W10"}, "needs the event"),
        ({"from_": HOSTILE}, "is no week"),
    ],
)
def test_a_form_that_is_wrong_keeps_what_was_typed(
    visit: Visit, changed: dict[str, str], said: str
) -> None:
    """Above the list, with what is wrong; nothing is changed."""
    before = visit.see("/baselines").headline
    typed = {**FREEZE, "to": "", "event": "", **changed}
    page = visit.send("/baselines", **typed)
    assert page.status in (400, 404)
    assert "Nothing was changed" in page.words
    assert said in page.words
    assert fields(page)["where"] == typed["where"]
    assert "<script>alert" not in page.source
    assert visit.see("/baselines").headline == before


def test_who_may_not_sees_no_form_and_why(own: Intake) -> None:
    """An auditor; a viewer may sign for who does the work and object, and freeze nothing."""
    eve = Visit(own, everywhere("eve", "auditor"))
    page = eve.see("/baselines")
    assert (page.status, actions(page)) == (200, [])
    assert "auditor may not freeze baselines" in page.words
    assert eve.send("/baselines", **FREEZE).status == 403
    fay = Visit(own, everywhere("fay", "viewer"))
    assert {each.rpartition("/")[2] for each in actions(fay.see("/baselines"))} <= {
        "sign",
        "object",
    }

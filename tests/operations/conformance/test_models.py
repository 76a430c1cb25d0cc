"""Models and times over a small desk: every number leads to as many tickets."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from opsgauge.cli.app import make_program
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import ModelWrong, QueryWrong, UnknownColumn, UnknownName
from opsgauge.operations.conformance.model_answers import Modelled
from opsgauge.operations.conformance.models import ModelBehind, model_fit, model_tickets
from opsgauge.operations.conformance.times import Profiled, TimesBehind, time_tickets, times
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.analysis.conformance.nets import bpmn
from tests.conftest import Intake

ROWS = ["number,at,state,team,who"]
PATHS: list[tuple[str, ...]] = [
    *[("New", "Work", "Done")] * 28,
    *[("New", "Done")] * 8,
    *[("New", "Wait", "Work", "Done")] * 4,
]
for _n, _path in enumerate(PATHS):
    ROWS += [
        f"T{_n},2026-03-{1 + _n % 28:02}T{8 + _place:02}:{_n % 50:02}Z,{_state},Desk,ann"
        for _place, _state in enumerate(_path)
    ]
ROWS += ["T90,2026-03-20T08:00Z,New,Desk,ann", "T91,2026-03-20T08:00Z,New,Desk,ann"]
HOST = "http://127.0.0.1:8787"


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Import forty ended tickets and two open ones, and put a model beside them."""
    held = Intake(tmp_path_factory.mktemp("models"))
    held.takes("\n".join(ROWS) + "\n")
    folder = held.workspace.path / "models"
    (folder / "incident.bpmn").write_text(bpmn("( New Work Don )"), "utf-8")
    (folder / "desk.bpmn").write_text(bpmn("( New Work Done )"), "utf-8")
    (folder / "broken.bpmn").write_text("<definitions>", "utf-8")
    yield replace(held.context, readers=Readers(remember=True))
    held.close()


@pytest.mark.row("CON-02", "BAS-08")
def test_tickets_are_held_against_a_model(ctx: Context) -> None:
    """28 of 40 went as written, 8 left Work out and 4 waited, of which the model knows nothing."""
    told = model_fit(ctx, Modelled("desk"))

    assert (told.n, told.fitting, told.asked.steps) == (40, 28, "original_status")
    assert {(d.deviation.step, d.deviation.how): d.n for d in told.departures} == {
        ("Done", "out of turn"): 8,
        ("Work", "left undone"): 8,
        ("Wait", "not in the model"): 4,
    }
    # As written six are taken and put; without Work five, one lacking and one left; of a step that
    # the model does not know one more is taken, which lacks.
    assert (told.tokens.consumed, told.tokens.missing) == (28 * 6 + 8 * 5 + 4 * 7, 12)
    assert (told.tokens.produced, told.tokens.remaining) == (28 * 6 + 8 * 5 + 4 * 6, 8)
    assert told.precision == 1.0
    assert [(each.step, each.where, each.tickets) for each in told.beside] == [
        ("New", "both", 40),
        ("Work", "both", 32),
        ("Done", "both", 40),
        ("Wait", "only in reality", 4),
    ]


@pytest.mark.row("CON-02", "CON-03")
def test_each_number_leads_to_as_many_tickets(ctx: Context) -> None:
    """Of a model and of times between steps."""
    asked = Modelled("desk")
    told = model_fit(ctx, asked)
    for of, n in (("fits", told.fitting), ("departs", told.n - told.fitting)):
        assert model_tickets(ctx, asked, ModelBehind(of)).total == n
    for each in told.departures:
        behind = ModelBehind("departs", each.deviation.step, each.deviation.how)
        assert model_tickets(ctx, asked, behind).total == each.n
    looked = Profiled("original_status", 2.0)
    for pair in times(ctx, looked).pairs:
        for place, n in (("late", pair.late), ("early", pair.early), ("", pair.n)):
            behind_pair = TimesBehind(pair.from_, pair.to, place)
            assert time_tickets(ctx, looked, behind_pair).total == n


@pytest.mark.row("BAS-08")
def test_a_step_of_one_side_alone_is_told_with_the_nearest(ctx: Context) -> None:
    """Done is written Don in the model."""
    told = model_fit(ctx, Modelled("incident", "original_status"))
    where = {each.step: each.where for each in told.beside}

    assert (where["Don"], where["Done"]) == ("only in the model", "only in reality")
    assert told.near == {"Don": "Did you mean 'Done'?"}


@pytest.mark.row("CON-02")
def test_without_a_model_the_usual_paths_are_one(ctx: Context) -> None:
    """Those of 80 % of the tickets: the first two."""
    told = model_fit(ctx, Modelled())

    assert (told.n, told.fitting) == (40, 36)
    assert {each.deviation.step for each in told.departures} >= {"Wait"}
    none = Selection((Condition("team", ("Nobody",)),))
    assert "nothing to replay" in model_fit(ctx, Modelled(), none).sentence()


def test_what_cannot_be_asked_is_said(ctx: Context) -> None:
    """A model, steps, a share, a number and a distance that are none."""
    with pytest.raises(UnknownName, match="Did you mean 'desk'"):
        model_fit(ctx, Modelled("dsk"))
    with pytest.raises(UnknownName):
        model_fit(ctx, Modelled("../secret"))
    with pytest.raises(ModelWrong, match=r"models/broken"):
        model_fit(ctx, Modelled("broken"))
    with pytest.raises(UnknownColumn):
        model_fit(ctx, Modelled("desk", "team"))
    with pytest.raises(QueryWrong):
        model_fit(ctx, Modelled("", "", 0.0))
    with pytest.raises(QueryWrong):
        model_tickets(ctx, Modelled("desk"), ModelBehind("fit"))
    with pytest.raises(QueryWrong):
        times(ctx, Profiled("phase", 0.5))
    with pytest.raises(UnknownName):
        time_tickets(ctx, Profiled(), TimesBehind("New", "Nowhere"))
    with pytest.raises(QueryWrong):
        time_tickets(ctx, Profiled("original_status"), TimesBehind("New", "Done", "lat"))


def test_pages_twins_and_commands_answer(ctx: Context) -> None:
    """And a model that cannot be read is told in each."""
    client = TestClient(make_app(ctx), base_url=HOST)
    for path in (
        "/conformance",
        "/conformance/times?by=original_status",
        "/conformance/times/tickets?by=original_status&first=New&second=Done&place=",
        "/conformance/model",
        "/conformance/model?model=desk",
        "/conformance/model/tickets?model=desk&of=fits",
    ):
        assert client.get(path).status_code == 200, path
        assert client.get(f"/api/v1{path}").status_code == 200, path
    assert client.get("/conformance/model?model=broken").status_code == 400
    assert client.get("/conformance/model?model=none").status_code == 404
    program, where = make_program("conformance"), ["--workspace", str(ctx.workspace.path)]
    asked = (
        ["model", "desk"],
        ["model", "--format", "json"],
        ["times", "--steps", "original_status"],
        ["times", "--format", "csv"],
    )
    for words in asked:
        program(["conformance", *words, *where], standalone_mode=False)

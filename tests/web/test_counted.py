"""Views of pages and of the API are counted, each by its way; what failed or warmed up is none."""

import threading
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.governance.uses import uses
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.operations.uses import today
from opsgauge.web.app import make_app
from opsgauge.web.serving import visit
from tests.conftest import Intake

pytestmark = pytest.mark.row("CAT-14")


@pytest.fixture
def served(desk: Intake) -> Iterator[Context]:
    """Return the desk's context, its views forgotten afterwards."""
    context = Context(desk.workspace, readers=Readers(remember=True))
    yield context
    with context.database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM metric_uses")
    context.database.close()


def test_each_way_is_counted_when_the_server_stops(served: Context) -> None:
    """A metric's page, its API, the cards of Home; not an unknown name, nor a refused question."""
    with TestClient(make_app(served), base_url="http://127.0.0.1:8787") as client:
        for path in (
            "/metrics/backlog",
            "/metrics/backlog?period=fortnight",
            "/metrics/nope",
            "/api/v1/measure/backlog",
            "/api/v1/measure/backlog?format=csv",
            "/api/v1/chart/backlog?period=year",
            "/api/v1/explain/backlog_age",
        ):
            client.get(path)
    seen = uses(served.database, today(served))

    assert seen["backlog"].views == {"page": 1, "api": 2}
    assert seen["backlog_age"].views == {"api": 1}
    assert set(seen) == {"backlog", "backlog_age"}


def test_what_the_server_draws_for_itself_is_no_view(served: Context) -> None:
    """Warming up looks at pages that nobody sees."""
    app = make_app(served)
    # In a thread, as the server does; that of a test may have a loop of its own.
    drawing = threading.Thread(target=visit, args=(app, ("/metrics/backlog", "/")))
    drawing.start()
    drawing.join()
    app.state.uses.flush()

    assert uses(served.database, today(served)) == {}


def test_the_catalogue_says_which_metrics_nobody_needs(served: Context) -> None:
    """In a section of its own, and in its twin."""
    client = TestClient(make_app(served), base_url="http://127.0.0.1:8787")
    text = client.get("/catalogue").text
    told = client.get("/api/v1/catalogue").json()["used"]

    assert "Looked at by nobody" in text
    assert told["sentence"] in text
    assert client.get("/api/v1/catalogue/used?days=0").status_code == 400

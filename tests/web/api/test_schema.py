"""Whatever the description of the API allows, and more: no error of ours, no undescribed answer."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from opsgauge.foundation.settings import make_workspace
from opsgauge.governance.access import ACTIONS, Assignment
from opsgauge.governance.tokens import NewToken
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.operations.people import Added, add_user, make_token
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake

EACH = 12  # examples of each route; each is of another shape, and some are against the description
DESCRIPTION = "/api/v1/openapi.json"
PASSWORD = "correct horse"  # noqa: S105 - of a user who lives as long as these tests
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROWS = "number,at,state,team,who\n" + "".join(
    f"T{n},2026-01-{1 + n:02} 08:00,New,A,x\nT{n},2026-01-{1 + n:02} 1{n % 9}:00,Done,A,x\n"
    for n in range(20)
)


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return the API of a small desk, and what a program sends to be let in."""
    intake = Intake(tmp_path_factory.mktemp("described"))
    intake.takes(ROWS, mapping=MAPPING + "practice: incident\n")
    ctx = Context(intake.workspace, readers=Readers(remember=True))
    add_user(ctx, Added("root", password=PASSWORD, roles=(Assignment("administrator"),)))
    token = make_token(ctx, "root", NewToken("all", tuple(ACTIONS), 30))
    sent = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
    loaded = schemathesis.openapi.from_asgi(DESCRIPTION, make_app(ctx), headers=sent)
    loaded.config.update(headers=sent)
    yield loaded
    intake.close()


def operations() -> list[tuple[str, str]]:
    """Return every route of the API with its method."""
    with TemporaryDirectory() as folder:
        app = make_app(Context(make_workspace(Path(folder) / "none")))
    return [(path, method) for path, told in app.openapi()["paths"].items() for method in told]


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_route_answers_as_described(described: Any, path: str, method: str) -> None:
    """Values of every kind for every parameter and body, those it forbids among them."""
    operation = described[path][method]

    @settings(
        max_examples=EACH,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def asked(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    asked()

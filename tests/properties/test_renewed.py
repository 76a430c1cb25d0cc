"""Numbers carried from import to import, at random, equal to asking for everything anew."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.settings import Workspace, make_workspace
from opsgauge.metrics.question import Question
from opsgauge.metrics.templates import Templates
from opsgauge.operations.context import Context
from opsgauge.operations.opened import OpenVersion, Readers
from tests.metrics.desks import VARIED, desk_of, random_lives
from tests.operations.test_renewed import (
    anew,
    asked,
    changed_lives,
    fitting,
    opened,
)

IMPORTS = 2
SPLITS: tuple[tuple[str, ...], ...] = ((), ("team",), ("priority", "category"), ("service",))
FILTERS = (None, Condition("team", ("Desk",)), Condition("priority", ("1", None)))


class InARow(Readers):
    """Readers that hold the versions of one log, each after the one before."""

    def __init__(self, versions: Sequence[OpenVersion]) -> None:
        super().__init__()
        self._earlier = {id(now): before for before, now in pairwise(versions)}

    def before(self, opened: OpenVersion) -> OpenVersion | None:
        """Return the version before, None of the first."""
        return self._earlier.get(id(opened))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Make a workspace, of which only the settings are asked."""
    return make_workspace(tmp_path_factory.mktemp("renewed") / "workspace")


@pytest.fixture
def renewals(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Note for each query whether it was asked for some periods alone."""
    noted: list[bool] = []
    query = Templates.query

    def noting(self: Templates, *args: object, **kwargs: object) -> str:
        noted.append(bool(kwargs.get("again")))
        return query(self, *args, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(Templates, "query", noting)
    yield noted
    assert any(noted), "nothing was renewed: all was asked anew"


@pytest.mark.row("SCA-02")
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10_000),
    metrics=st.lists(st.sampled_from(VARIED), min_size=3, max_size=3, unique=True),
    by=st.sampled_from(SPLITS),
    where=st.sampled_from(FILTERS),
    period=st.sampled_from(["day", "week", "month"]),
)
def test_what_is_renewed_again_and_again_is_as_asked_anew(  # noqa: PLR0913, PLR0917 - what is drawn
    workspace: Workspace,
    renewals: list[bool],
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    metrics: list[str],
    by: tuple[str, ...],
    where: Condition | None,
    period: str,
) -> None:
    """Two imports in a row, each answer made of the one before: every group, to the digit."""
    dice, folder = random.Random(seed), tmp_path_factory.mktemp("log")  # noqa: S311 - no secret
    lives = [random_lives(seed, tickets=30, days=150)]
    for _ in range(IMPORTS):
        lives.append(changed_lives(dice, lives[-1]))
    versions = [opened(desk_of(each), folder, n) for n, each in enumerate(lives, start=1)]
    plain = Question("", by=by, where=(where,) if where else (), period=period)
    questions = [fitting(name, plain) for name in metrics]
    readers = InARow(versions)
    for now in versions:
        ctx = Context(workspace, readers=readers, held=now)
        for question in questions:
            for one, other in zip(asked(ctx, question), anew(ctx, question), strict=True):
                for name, value in vars(one).items():
                    told = vars(other)[name]
                    near = pytest.approx(told, rel=1e-9) if isinstance(told, float) else told
                    assert value == near, (replace(question, groupings=()), one, other)

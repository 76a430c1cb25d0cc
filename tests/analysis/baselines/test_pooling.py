"""One number for unlike groups: how much lies between them, and averages that turn round."""

from math import log

import ibis
import pyarrow as pa
import pytest

from opsgauge.analysis.baselines.distribution import distribution_of, distribution_rows
from opsgauge.analysis.baselines.pooling import Cell, between, cell_rows, cells_of, reversals
from opsgauge.warehouse.engine import DuckEngine


def cell(half: int, team: str, n: int, mean: float, variance: float = 1.0, kind: str = "x") -> Cell:
    """Return the records of a team in one half."""
    return Cell(half, {"team": team, "kind": kind}, n, mean, variance)


@pytest.mark.row("BAS-04")
def test_the_share_between_groups_is_omega_squared() -> None:
    """By hand: SSB 200, SSW 2 x 49, so (200 - 1) / (298 + 1) with MSW 1."""
    found = between([cell(0, "A", 50, 0.0), cell(0, "B", 50, 2 * 2**0.5)], "team", logs=False)
    within = 49 + 49
    apart = 50 * 2 * 2
    noise = within / 98
    assert found.share == pytest.approx((apart - noise) / (apart + within + noise))
    assert (found.hides, found.groups, found.low[0], found.high[0]) == (True, 2, "A", "B")
    assert found.chance < 1e-9


@pytest.mark.row("BAS-04")
def test_groups_that_are_alike_hide_nothing() -> None:
    """Nor does a single group, or groups of one record each, or values that never vary."""
    alike = between([cell(0, "A", 50, 1.0), cell(0, "B", 50, 1.05)], "team", logs=False)
    assert (alike.share, alike.hides) == (0.0, False)
    for cells in (
        [cell(0, "A", 50, 1.0)],
        [cell(0, "A", 1, 1.0, 0.0), cell(0, "B", 1, 2.0, 0.0)],
        [cell(0, "A", 9, 1.0, 0.0), cell(0, "B", 9, 1.0, 0.0)],
    ):
        assert not between(cells, "team", logs=False).hides
    apart = [cell(0, "A", 9, 1.0, 0.0), cell(1, "B", 9, 2.0, 0.0)]
    assert (between(apart, "team", logs=False).share) == 1.0


@pytest.mark.row("BAS-04")
def test_an_average_that_turns_round_is_found_between_halves_and_between_groups() -> None:
    """Both teams got slower, but the fast one now has most tickets, so the average fell."""
    turned = [
        *(cell(0, "fast", 20, 1.0, 0.01), cell(1, "fast", 200, 1.5, 0.01)),
        *(cell(0, "slow", 200, 9.0, 0.01), cell(1, "slow", 20, 9.5, 0.01)),
    ]
    [found] = reversals(turned, ["team"])
    assert (found.of, found.within, found.sides) == ("half", "team", ("first", "second"))
    assert found.pooled == pytest.approx((200 * 1.5 + 20 * 9.5 - 20 - 200 * 9) / 220)
    assert found.inside == pytest.approx(0.5)

    groups = [
        *(cell(0, "A", 20, 1.0, 0.01, "easy"), cell(0, "A", 200, 9.0, 0.01, "hard")),
        *(cell(0, "B", 200, 1.5, 0.01, "easy"), cell(0, "B", 20, 9.5, 0.01, "hard")),
    ]
    [between_teams] = [e for e in reversals(groups, ["team", "kind"]) if e.of == "team"]
    assert (between_teams.within, between_teams.pooled * between_teams.inside < 0) == ("kind", True)


@pytest.mark.row("BAS-04")
def test_no_reversal_where_one_group_goes_along_or_it_may_be_chance() -> None:
    """Nor where a group has too few records on one side."""
    along = [
        *(cell(0, "fast", 20, 1.0), cell(1, "fast", 200, 0.9)),
        *(cell(0, "slow", 200, 9.0), cell(1, "slow", 20, 9.5)),
    ]
    noisy = [
        *(cell(0, "fast", 20, 1.0, 400.0), cell(1, "fast", 200, 1.5, 400.0)),
        *(cell(0, "slow", 200, 9.0, 400.0), cell(1, "slow", 20, 9.5, 400.0)),
    ]
    few = [
        *(cell(0, "fast", 4, 1.0, 0.01), cell(1, "fast", 200, 1.5, 0.01)),
        *(cell(0, "slow", 200, 9.0, 0.01), cell(1, "slow", 20, 9.5, 0.01)),
    ]
    for cells in (along, noisy, few, []):
        assert reversals(cells, ["team"]) == ()


@pytest.mark.row("BAS-04")
@pytest.mark.row("BAS-01")
def test_cells_and_quantiles_of_records() -> None:
    """Hours by their logarithms, without what took none; other values as they are; no null."""
    rows = pa.table({"team": ["A", "A", "A", None], "value": [1.0, 4.0, 0.0, 2.0]})
    engine = DuckEngine((), extra={"records": rows})
    records = ibis.table({"team": "string", "value": "float64"}, name="records")
    logs = cells_of(engine.run(cell_rows(records, ["team"], True)), ["team"], 0, True)
    by_team = {each.words["team"]: each for each in logs}
    assert (by_team["A"].n, by_team[None].n) == (2, 1)
    assert by_team["A"].mean == pytest.approx(log(4) / 2, abs=1e-6)
    assert by_team["A"].variance == pytest.approx(log(4) ** 2 / 2, rel=1e-4)
    plain = cells_of(engine.run(cell_rows(records, ["team"], False)), ["team"], 1, False)
    [of_a] = [each for each in plain if each.words["team"] == "A"]
    assert (of_a.n, of_a.half) == (3, 1)
    assert of_a.mean == pytest.approx(5 / 3, abs=1e-6)
    spread = distribution_of(engine.run(distribution_rows(records)))
    assert (spread["n"], spread["least"], spread["p50"], spread["most"]) == (4, 0.0, 1.5, 4.0)
    none = distribution_of(engine.run(distribution_rows(records.filter(records.value > 9))))
    assert (none["n"], none["p50"]) == (0, None)
    engine.close()

"""One aggregate is read from SQL, or refused with the place where the reading stopped."""

import pytest

from opsgauge.metrics.exchange.sql_read import aggregate
from opsgauge.metrics.exchange.sql_words import NotCarried

pytestmark = pytest.mark.row("CAT-20")


@pytest.mark.parametrize(
    ("text", "name", "of", "known", "held"),
    [
        ("count(*)", "count", None, [], []),
        ("COUNT ( 1 )", "count", None, [], []),
        ("COUNT(T.Opened_At)", "count", "t.opened_at", [], []),
        ('COUNT("Odd".at)', "count", "Odd.at", [], []),
        ("COUNT(DISTINCT t.team)", "distinct", "t.team", [], []),
        ("SUM(x)", "sum", "x", [], []),
        ("AVG(t.x)", "mean", "t.x", [], []),
        ("MEDIAN(t.x)", "median", "t.x", [], []),
        ("PERCENTILE_CONT(.5) WITHIN GROUP (ORDER BY t.x)", "median", "t.x", [], []),
        ("percentile_cont(0.95) within group (order by t.x)", "p95", "t.x", [], []),
        (
            "SUM(CASE WHEN t.at IS NOT NULL AND t.team IN ('A', 'O''B') AND NOT t.major "
            "AND t.met AND t.kept = FALSE THEN t.x END)",
            "sum",
            "t.x",
            ["t.at"],
            [
                ("t.team", ["A", "O'B"]),
                ("t.major", [False]),
                ("t.met", [True]),
                ("t.kept", [False]),
            ],
        ),
    ],
)
def test_an_aggregate_is_read_to_its_end(
    text: str, name: str, of: str | None, known: list[str], held: list[tuple[str, list[object]]]
) -> None:
    """What it takes, of which column, and what its records must hold."""
    found = aggregate(text)

    assert found.name == name
    assert (str(found.of) if found.of else None) == of
    assert [str(each) for each in found.known] == known
    assert [(str(each), words) for each, words in found.held] == held


def test_hours_between_two_moments_are_read() -> None:
    """Only in hours: in seconds the number would be another."""
    found = aggregate("AVG(EXTRACT(EPOCH FROM (t.resolved_at - t.opened_at)) / 3600.0)")

    assert (str(found.since), str(found.of)) == ("t.opened_at", "t.resolved_at")
    for other in ("", " / 60", " / 3600 + 1"):
        with pytest.raises(NotCarried):
            aggregate(f"AVG(EXTRACT(EPOCH FROM (t.resolved_at - t.opened_at)){other})")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("", "its end"),
        ("SUM(", "its end"),
        ("SUM(a) / SUM(b)", "/"),
        ("MAX(a)", "max"),
        ("SUM(a + b)", "+ b)"),
        ("SUM(*)", "*"),
        ("SUM(1)", "1"),
        ("SUM(CASE WHEN a = 'x' THEN b ELSE 0 END)", "else"),
        ("SUM(CASE WHEN a = 'x' OR c THEN b END)", "or"),
        ("SUM(CASE WHEN a > 3 THEN b END)", "> 3"),
        ("SUM(CASE WHEN a = b THEN c END)", "b"),
        ("SUM(CASE WHEN a IS NULL THEN b END)", "is"),
        ("COUNT(a) -- all", "-"),
        ("COUNT(a); DROP TABLE tickets", "; DROP"),
        ("COUNT('a')", "'a'"),
        ("PERCENTILE_CONT(a) WITHIN GROUP (ORDER BY x)", "a"),
        ("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x DESC)", "desc"),
        ("PERCENTILE_CONT(0.999) WITHIN GROUP (ORDER BY x)", "no whole hundredth"),
        ("SUM(SUM(a))", "("),
        ("COUNT(a.b.c)", "."),
        ("COUNT(" * 10, "("),
        ("x" * 10_001, "10,001 letters"),
    ],
)
def test_whatever_is_more_is_refused(text: str, near: str) -> None:
    """With the place up to which it was read; nothing is guessed."""
    with pytest.raises(NotCarried) as refused:
        aggregate(text)

    assert near in str(refused.value).rsplit("(read up to ", 1)[-1]

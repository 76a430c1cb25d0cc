"""A question filled into its template is the question compiled by itself."""

from datetime import UTC, date, datetime

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question
from opsgauge.metrics.templates import INSTANTS, Templates
from tests.metrics.desks import CATALOGUE, VARIED, Opened, fitted

PERIODS = ("day", "week", "month", "quarter", "year", "all")
DAYS: tuple[tuple[date | None, date | None], ...] = (
    (None, None),
    (date(2026, 1, 7), None),
    (None, date(2026, 2, 3)),
)
DAYS += ((date(2025, 12, 30), date(2026, 3, 1)), (date(2026, 1, 8), date(2026, 1, 30)))
WHERE: tuple[tuple[Condition, ...], ...] = (
    (),
    (Condition("priority", ("1",)),),
    (Condition("priority", ("2", None)), Condition("team", ("A", "B é 日本")),),
    (Condition("major", ("yes",)), Condition("attributes.floor", ("2",))),
)  # fmt: skip


def templates_of(desk: Opened) -> Templates:
    """Return templates for a desk, none compiled yet."""
    return Templates(desk.engine, desk.tables, desk.periods, desk.watermark)


def compiled(desk: Opened, question: Question) -> str:
    """Compile a question by itself."""
    metric = CATALOGUE.get(question.metric)
    return desk.engine.sql(
        compile_question(metric, question, desk.tables, desk.periods, desk.watermark)
    )


def unspaced(sql: str) -> str:
    """Return SQL without spaces: a longer literal breaks its line in another place."""
    return "".join(sql.split())


def answer(desk: Opened, sql: str) -> list[str]:
    """Return every row a query gives, in an order of its own."""
    return sorted(str(row) for row in desk.engine.run_sql(sql).to_pylist())


def one_of_each_sort() -> set[str]:
    """Return a metric of every kind, made of every kind of part, and one of every table."""
    found: dict[object, str] = {}
    for name in VARIED:
        metric = CATALOGUE.get(name)
        found.setdefault((metric.kind, *(part.kind for part in metric.parts)), name)
        found.setdefault(metric.subject.name, name)
    return set(found.values())


WHOLE = one_of_each_sort()


def both_ends_once(n: int, m: int) -> bool:
    """Leave out one of the last two days: both give both ends, so they are of one shape."""
    return m != 3 + n % 2


@pytest.mark.parametrize("name", VARIED)
def test_filled_in_is_as_compiled(mixed: Opened, name: str) -> None:
    """Every period, days, filter, split and statistic; of one metric of each sort all together.

    Of the others the days go round with the periods, another way for each.
    """
    metric, kept, turn = CATALOGUE.get(name), templates_of(mixed), VARIED.index(name)
    questions = [
        Question(name, where=WHERE[(n + m) % 4], period=period, from_=first, to=last)
        for n, period in enumerate(PERIODS)
        for m, (first, last) in enumerate(DAYS)
        if (both_ends_once(n + turn, m) if name in WHOLE else m == (n + turn) % len(DAYS))
    ]
    questions += [Question(name, statistic, period="week") for statistic in metric.statistics]
    questions += [Question(name, by=("team", "major"), where=WHERE[1], from_=date(2026, 1, 7))]
    for question in [fitted(metric, each) for each in questions]:
        found, own = kept.query(metric, question), compiled(mixed, question)
        # Where filters stand around the table, the text differs and the answer may not.
        same = unspaced(found) == unspaced(own)
        assert same or answer(mixed, found) == answer(mixed, own)
        assert not any(str(number) in found for number in INSTANTS.values())


def test_questions_of_one_shape_are_compiled_once(mixed: Opened) -> None:
    """Other days and other values are no other shape; one value more is, inside the query."""
    metric, kept = CATALOGUE.get("backlog"), templates_of(mixed)

    def ask(*floors: str | None, day: int = 5) -> None:
        where = (Condition("attributes.floor", floors),)
        question = Question(metric.name, where=where, period="week", from_=date(2026, 1, day))
        kept.query(metric, question)

    ask("1")
    ask("2", day=9)
    assert len(kept.kept) == 1
    ask("1", "2")
    ask("1", None)
    assert len(kept.kept) == 3


@pytest.mark.parametrize("odd", ["it's", "back\\slash", "'); DROP TABLE tickets; --"])
def test_values_that_engines_write_in_their_own_way_are_compiled(mixed: Opened, odd: str) -> None:
    """Nothing is put in as text that has to be escaped."""
    question = Question("tickets_opened", where=(Condition("team", (odd,)),), period="week")
    kept = templates_of(mixed)

    query = kept.query(CATALOGUE.get("tickets_opened"), question)
    assert query == compiled(mixed, question)
    assert kept.kept == {}
    assert mixed.engine.run_sql(query).num_rows >= 0


def test_a_value_that_looks_like_a_stand_in_stays_what_it_is(mixed: Opened) -> None:
    """All are exchanged at once, so what was put in is not looked at again."""
    where = (Condition("team", ("stand-in for value 1", "stand-in for value 0")),)
    for name in ("tickets_opened", "backlog"):
        question = Question(name, where=where, period="week")
        found = templates_of(mixed).query(CATALOGUE.get(name), question)
        assert "IN ('stand-in for value 1', 'stand-in for value 0')" in found


def test_the_past_is_compiled_each_time(mixed: Opened) -> None:
    """As of a moment: it is in the query at many places, and asked seldom."""
    question = Question("backlog", period="week", as_of=datetime(2026, 2, 1, tzinfo=UTC))
    kept = templates_of(mixed)

    assert kept.query(CATALOGUE.get("backlog"), question) == compiled(mixed, question)
    assert kept.kept == {}


def test_what_cannot_be_asked_is_refused_as_ever(mixed: Opened) -> None:
    """Before anything is compiled."""
    with pytest.raises(UnknownColumn):
        templates_of(mixed).query(
            CATALOGUE.get("backlog"), Question("backlog", by=("colour",), period="week")
        )


@pytest.mark.parametrize("where", [WHERE[1], WHERE[2], (*WHERE[1], Condition("major", ("no",)))])
@pytest.mark.parametrize(
    "name",
    ["tickets_opened", "time_to_resolve", "pending_share", "queue_time", "repeat_incident_share"],
)
def test_a_filter_by_another_column_compiles_nothing(
    mixed: Opened, name: str, where: tuple[Condition, ...]
) -> None:
    """It stands around the table, and the answer is that of the filter inside."""
    metric, kept = CATALOGUE.get(name), templates_of(mixed)
    for first in (None, date(2026, 1, 8)):
        question = Question(name, where=where, period="week", from_=first)
        found = kept.query(metric, question)

        assert 'WHERE ("' in found
        assert answer(mixed, found) == answer(mixed, compiled(mixed, question))
    done = len(kept.kept)
    for other in (Condition("category", ("network",)), Condition("service", ("mail", "vpn"))):
        kept.query(metric, Question(name, where=(*where, other), period="week"))
    assert len(kept.kept) == done


@pytest.mark.parametrize("by", [(), ("team",), ("major",)])
@pytest.mark.parametrize("name", ["backlog", "backlog_age"])
def test_around_history_a_filter_means_how_things_were(
    mixed: Opened, name: str, by: tuple[str, ...]
) -> None:
    """A ticket that moved counts for the team that held it at the time."""
    metric, kept = CATALOGUE.get(name), templates_of(mixed)
    for column, value in (("team", "A"), ("priority", "1"), ("practice", "incident")):
        question = Question(name, by=by, where=(Condition(column, (value,)),), period="week")
        found = kept.query(metric, question)
        assert answer(mixed, found) == answer(mixed, compiled(mixed, question))


def test_as_of_a_moment_the_filter_stays_inside(mixed: Opened) -> None:
    """The past is put together anew, with the filter in it."""
    where, moment = (Condition("team", ("A",)),), datetime(2026, 2, 1, tzinfo=UTC)
    question = Question("tickets_opened", where=where, as_of=moment)

    found = templates_of(mixed).query(CATALOGUE.get("tickets_opened"), question)
    assert found == compiled(mixed, question)


OF_RECORDS = ("contacts_offered", "approval_time", "survey_response_share", "change_success_share")


@pytest.mark.parametrize("column", ["priority", "team", "category", "channel"])
@pytest.mark.parametrize("name", OF_RECORDS)
def test_records_are_filtered_by_their_own_columns_and_their_tickets(
    mixed: Opened, name: str, column: str
) -> None:
    """Around the table of the record, with the answer of the filter inside."""
    metric, kept = CATALOGUE.get(name), templates_of(mixed)
    rows = mixed.engine.run_sql(f'SELECT DISTINCT "{column}" AS v FROM tickets').to_pylist()
    values = tuple(sorted(row["v"] for row in rows if row["v"] is not None))[:2]
    for where in ((Condition(column, values),), (Condition(column, (*values, None)),)):
        for first in (None, date(2026, 1, 8)):
            question = Question(name, where=where, period="month", from_=first)
            found = kept.query(metric, question)
            assert answer(mixed, found) == answer(mixed, compiled(mixed, question))
    assert len(kept.kept) <= 4


def test_another_column_of_their_tickets_compiles_nothing(mixed: Opened) -> None:
    """However many columns people filter contacts by."""
    metric, kept = CATALOGUE.get("contacts_offered"), templates_of(mixed)
    for column in ("priority", "category", "service", "team"):
        where = (Condition(column, ("1", "Network")),)
        kept.query(metric, Question("contacts_offered", where=where, period="week"))

    assert len(kept.kept) == 1


@pytest.mark.parametrize("name", ["backlog", "backlog_age"])
def test_a_stock_filtered_by_what_changes_is_compiled_once(mixed: Opened, name: str) -> None:
    """Whether by team, priority or category; without one of them, once more."""
    metric, kept = CATALOGUE.get(name), templates_of(mixed)
    for column, value in (("team", "A"), ("priority", "1"), ("category", "network")):
        where = (Condition(column, (value,)), Condition("practice", ("incident",)))
        question = Question(name, where=where, period="week")
        found = kept.query(metric, question)
        assert answer(mixed, found) == answer(mixed, compiled(mixed, question))
    assert len(kept.kept) == 1


OF_OTHERS = [name for name in VARIED if CATALOGUE.get(name).parts]


@pytest.mark.parametrize("name", OF_OTHERS)
def test_of_a_metric_made_of_others_each_part_is_filtered_by_itself(
    mixed: Opened, name: str
) -> None:
    """Whatever it is filtered by, nothing more is compiled, and the answer is that of the whole."""
    metric, kept = CATALOGUE.get(name), templates_of(mixed)
    kept.query(metric, fitted(metric, Question(name, by=("team",), period="month")))
    done = len(kept.kept)
    for column, values in (("priority", ("1", "2")), ("team", ("A",)), ("service", ("mail",))):
        where = (Condition(column, values),) if metric.may_split(column) else ()
        for readable in (False, True):
            question = fitted(metric, Question(name, by=("team",), where=where, period="month"))
            found = kept.query(metric, question, readable)
            assert answer(mixed, found) == answer(mixed, compiled(mixed, question))
    assert len(kept.kept) == done


def test_readable_sql_is_not_compiled_anew_for_a_filter(mixed: Opened) -> None:
    """What people read says the filter too, around the table."""
    metric, kept = CATALOGUE.get("time_to_resolve"), templates_of(mixed)
    for column in ("priority", "category", "service", "team"):
        where = (Condition(column, ("A",)),)
        found = kept.query(metric, Question(metric.name, where=where, period="week"), readable=True)
        assert f"\"{column}\" IN ('A')" in found
        assert "ordered" not in found.split("FROM")[0]

    assert len(kept.kept) == 1

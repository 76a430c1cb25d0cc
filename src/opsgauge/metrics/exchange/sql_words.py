"""What a paragraph says of its records, as the SQL that the formats of others hold.

Floor 3. Standard SQL, as DuckDB, PostgreSQL and Snowflake read it. Only what means the same there
is written; whatever else raises `NotCarried`.
"""

from collections.abc import Callable, Iterable

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.criterion import CLOSED_COLUMNS, Criterion, spellings
from opsgauge.metrics.dated import Duration, Numbered
from opsgauge.metrics.paragraph import Paragraph
from opsgauge.metrics.subject import SUBJECTS, Subject

HOURS_BETWEEN = "EXTRACT(EPOCH FROM ({to} - {from_})) / 3600.0"

SQL_WORDS = frozenset({"at"})  # of the columns that date or fill a metric
Named = Callable[[str], str]  # how a form names a column


class NotCarried(ValueError):
    """A definition that the format cannot say; its text is the reason."""


def quoted(value: str) -> str:
    """Return a text as a literal.

    Examples
    --------
    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def column(name: str) -> str:
    """Return a column as SQL names it: a name that is a word of SQL stands in quotes.

    Examples
    --------
    >>> column("at"), column("opened_at")
    ('"at"', 'opened_at')
    """
    return f'"{name}"' if name in SQL_WORDS else name


def dimension(subject: Subject, name: str) -> str:
    """Return a dimension as a filter names it: by the entity whose column it is."""
    entity = subject.noun if subject.has(name) else SUBJECTS["tickets"].noun
    return f"{{{{ Dimension('{entity.replace(' ', '_')}__{name}') }}}}"


def filters(plain: Paragraph, of: Subject | None = None) -> list[str]:
    """Return the conditions on which records a metric counts, one filter for each.

    Parameters
    ----------
    of : whose records are filtered, where they are not the paragraph's own
    """
    subject = of or plain.subject
    found = [_one_of(dimension(subject, each.column), each.values) for each in plain.conditions]
    for excepted, words in plain.except_.items():
        name = dimension(subject, excepted)
        listed = ", ".join(quoted(word) for word in spellings(words))
        found.append(f"({name} IS NULL OR {name} NOT IN ({listed}))")
    for each in plain.conditions:
        if each.column.startswith("attributes."):
            raise NotCarried(f"it filters by {each.column}, which is no column there")
    return found


def _one_of(name: str, values: Iterable[str | None]) -> str:
    told = list(values)
    listed = ", ".join(quoted(value) for value in told if value is not None)
    parts = [f"{name} IN ({listed})"] if listed else []
    parts += [f"{name} IS NULL"] if None in told else []
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def criteria(tests: Iterable[Criterion], named: Named = str) -> str:
    """Return criteria of which all must hold.

    Raises
    ------
    NotCarried : one of them compares moments
    """
    return " AND ".join(criterion(each, named) for each in tests)


def criterion(each: Criterion, named: Named = str) -> str:
    """Return one criterion; see `criteria`."""
    name = named(each.column)
    if each.known is not None:
        return f"{name} IS {'NOT ' if each.known else ''}NULL"
    if each.at_least is not None or each.at_most is not None:
        return f"{name} {'<=' if each.at_least is None else '>='} " + str(
            each.at_most if each.at_least is None else each.at_least
        )
    if each.same_as is not None:
        return f"{name} = {named(each.same_as)}"
    if each.words:
        words = each.words if each.column in CLOSED_COLUMNS else spellings(each.words)
        return f"{name} IN ({', '.join(quoted(word) for word in words)})"
    if isinstance(each.is_, bool):
        return name if each.is_ else f"NOT {name}"
    if each.is_ is not None:
        return f"{name} = {each.is_}"
    raise NotCarried(
        f"its criterion on {each.column} compares moments, which engines do each in their way"
    )


def number(plain: Paragraph, named: Named = str) -> str:
    """Return the number that each record of a duration, an amount or a sum adds.

    Raises
    ------
    NotCarried : its kind has no such number
    """
    if isinstance(plain, Duration):
        return HOURS_BETWEEN.format(from_=named(plain.from_), to=named(plain.to))
    if not isinstance(plain, Numbered):
        raise NotCarried(f"its kind, {getattr(plain, 'kind', '')}, is none that MetricFlow has")
    added = " + ".join(named(name) for name in plain.added)
    micros = plain.subject.micros(plain.column)
    hours = f"({added}) * {micros} / {MICROS_PER_HOUR}.0" if micros else added
    tests = [f"{named(name)} IS NOT NULL" for name in plain.told_by]
    if (at_least := getattr(plain, "at_least", None)) is not None:
        tests.insert(0, f"{added} >= {at_least}")
    return f"CASE WHEN {' AND '.join(tests)} THEN {hours} END" if tests else hours

"""Benchmarks: tables from outside, read with care, kept and ended."""

from datetime import date

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import FileUnreadable, QueryWrong, UnknownRecord
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.benchmarks import (
    MOST_BYTES,
    Benchmark,
    benchmarks,
    end_benchmark,
    keep_benchmarks,
    read_benchmarks,
)
from opsgauge.governance.database import Database
from tests.governance.conftest import ANA

HEADS = "metric,source,date,peer_group,percentile,value,differences"
LINE = "time_to_resolve,A survey,2025-06-30,Banks,50,9.5,Counts weekends."


def table(*lines: str, heads: str = HEADS) -> bytes:
    """Return a table as bytes."""
    return "\n".join([heads, *lines]).encode()


def read(*lines: str) -> list[Benchmark]:
    """Return the benchmarks of a table."""
    return [each for _, each in read_benchmarks(table(*lines))]


@pytest.mark.row("BAS-09")
def test_a_table_is_read_in_any_order_of_its_columns() -> None:
    """With a byte order mark, quotes, empty lines, and a statistic where it names one."""
    [(_, one)] = read_benchmarks(b"\xef\xbb\xbf" + table(LINE, "", " , ,,,,,"))
    assert (one.metric, one.statistic, one.day, one.value) == (
        *("time_to_resolve", "", date(2025, 6, 30)),
        9.5,
    )
    heads = "value,differences,statistic,metric,source,date,peer_group,percentile"
    said = '-1.5,"Its own, and ""other"".",p90,backlog,B,2025-01-01,All,0'
    [(line, two)] = read_benchmarks(table(said, heads=heads))
    assert (line, two.value, two.differences) == (2, -1.5, 'Its own, and "other".')
    assert two.statistic == "p90"


@pytest.mark.row("BAS-09")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: the column 'metric' is missing"),
        (table(), "holds no line below its head"),
        (table(LINE, heads=HEADS.replace("percentile", "percentil")), "'percentil' is not known"),
        (table(LINE, heads=HEADS + ",value"), "line 1: the column 'value' stands there twice"),
        (table(LINE, LINE + ",more"), "line 3: 8 cells, where the first line names 7"),
        (table(LINE.replace("9.5", "9,5")), "line 2: 8 cells"),
        (table(LINE.replace("9.5", "nan")), "line 2: value 'nan' is no number"),
        (table(LINE.replace("9.5", "1e400")), "line 2: value '1e400' is no number"),
        (table(LINE.replace("9.5", "=cmd()")), "line 2: value '=cmd\\(\\)' is no number"),
        (table(LINE.replace("9.5", "٩")), "is no number"),
        (table(LINE.replace(",50,", ",101,")), "percentile '101' does not lie between"),
        (table(LINE.replace(",50,", ",-1,")), "percentile '-1' does not lie between"),
        (table(LINE.replace("2025-06-30", "30.06.2025")), "date '30.06.2025' is no date"),
        (table(LINE.replace("2025-06-30", "2025-02-30")), "date '2025-02-30' is no date"),
        (table(LINE.replace("Counts weekends.", " ")), "line 2: differences is empty"),
        (table(LINE.replace("Banks", "B" * 501)), "peer_group is longer than 500"),
        (table(LINE.replace("Banks", "Ba\x00nks")), "line 2: "),
        (table(LINE.replace("Banks", "Ba\u202enks")), "peer_group holds a sign"),
        (table(LINE, '"open'), "line 3: unexpected end of data"),
        (table(LINE) + b"\n\xff\xfe", "line 3: this is no UTF-8"),
        (b"x" * (MOST_BYTES + 1), "is larger than 1,000,000 bytes"),
        (table(*[LINE] * 5_001), "more than 5,000 lines"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(content: bytes, said: str) -> None:
    """And nothing of the table is taken."""
    with pytest.raises(FileUnreadable, match=said):
        read_benchmarks(content)


def test_a_newer_line_takes_the_place_of_the_same_one(database: Database, clock: Clock) -> None:
    """What was stays, and each step has its audit line."""
    first = keep_benchmarks(database, clock, ANA, read(LINE))
    other = LINE.replace(",50,", ",90,")
    second = keep_benchmarks(database, clock, ANA, read(LINE.replace("9.5", "8.5"), other))
    assert [each.number for each in benchmarks(database)] == [each.number for each in second]
    assert len(benchmarks(database, "time_to_resolve", ended=True)) == 3
    with pytest.raises(QueryWrong, match="ended before"):
        end_benchmark(database, clock, ANA, first[0].number, "Old.")
    with pytest.raises(QueryWrong, match="needs a reason"):
        end_benchmark(database, clock, ANA, second[0].number, "")
    ended = end_benchmark(database, clock, ANA, second[0].number, "Old.")
    assert ended.ended_why == "Old."
    with pytest.raises(UnknownRecord, match="no benchmark 99"):
        end_benchmark(database, clock, ANA, 99, "x")
    assert len(lines(database, subject="metric time_to_resolve")) == 4
    assert verify(database).holds

"""JSON, a record on each line or a list of them: read alike, and each fault with its line."""

import gzip
import json
from collections.abc import Callable

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import json_text, parts
from tests.conftest import Intake
from tests.sources.conftest import Read
from tests.sources.odd_files import HEADER, ROWS, json_lines, records, zipped

Reads = Callable[..., Read]

LIST = json.dumps(records())


@pytest.mark.row("ING-01")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.jsonl", json_lines()),
        ("export.NDJSON", json_lines()),
        ("export.jsonl", json_lines().rstrip("\n")),
        ("export.jsonl", json_lines().replace("\n", "\r\n")),
        ("export.jsonl", json_lines().replace("\n", "\n\n  \n")),
        ("export.jsonl", "\ufeff" + json_lines()),
        ("export.jsonl", LIST),
        ("export.jsonl", json.dumps(records(), indent=1)),
        ("export.json", json_lines()),
        ("export.json", LIST),
        ("export.json", json.dumps(records(), indent=4)),
        ("export.json", f'{{"count": 4, "tickets": {LIST}}}\n'),
        ("export.json", json.dumps({"tickets": records()}, indent=2)),
        ("export.jsonl.gz", gzip.compress(json_lines().encode())),
        ("export.zip", zipped(("export.json", LIST))),
    ],
)
def test_every_form_gives_the_same_records(read: Reads, name: str, content: str | bytes) -> None:
    """Whatever the name says of its form: the first line tells."""
    found = read(content, name)

    assert (found.header, found.rows, found.faulty) == (HEADER, list(ROWS), [])


@pytest.mark.row("ING-01")
def test_a_line_that_is_no_object_is_set_aside_with_its_line(read: Reads) -> None:
    """The others are read; blank lines are no records, but lines."""
    lines = ['{"n": 1}', "nonsense", "", "[1]", "3", '{"n": 2', '{"n": 2}{"n": 3}', '{"n": 4}']
    lines += ["{}", '{"": 1}', "[" * 9_000, '{"n": 5}', "null"]
    found = read("\n".join(lines), "export.jsonl")

    assert found.column("n") == ["1", "4", "5"]
    assert [place for place, _ in found.faulty] == [2, 3, 4, 5, 6, 8, 9, 10, 12]
    assert [int(reason.split()[1]) for _, reason in found.faulty] == [2, 4, 5, 6, 7, 9, 10, 11, 13]
    reasons = [reason for _, reason in found.faulty]
    assert reasons[0] == "line 2 is no JSON: Expecting value at character 1"
    assert reasons[1] == "line 4 holds a list, where an object should be"
    assert reasons[2] == "line 5 holds a single value, where an object should be"
    assert reasons[5] == "line 9 holds an object without fields"
    assert reasons[6] == "line 10 holds a field without a name"
    assert reasons[7] == "line 11 is nested too deeply"


def test_an_odd_first_line_stops_nothing(read: Reads) -> None:
    """A comment, or what some tool prints before the records."""
    found = read('exporting 2 records\n{"n": 1}\n{"n": 2}\n', "export.jsonl")

    assert found.column("n") == ["1", "2"]
    assert found.faulty == [(1, "line 1 is no JSON: Expecting value at character 1")]


def test_elements_that_are_no_objects_are_set_aside(read: Reads) -> None:
    """With their place in the list."""
    found = read('[{"n": 1}, 7, [], {"n": 2}]', "export.json")

    assert found.column("n") == ["1", "2"]
    assert [place for place, _ in found.faulty] == [2, 3]
    assert found.faulty[0][1] == "record 2 holds a single value, where an object should be"


def test_fields_of_objects_are_columns(read: Reads) -> None:
    """As Jira and most APIs nest them."""
    issue = {"key": "A-1", "fields": {"status": {"name": "Open"}, "labels": ["a", "b"]}}
    found = read(json.dumps({"issues": [issue]}), "export.json")

    values = dict(zip(found.header, found.rows[0], strict=True))
    assert values["key"] == "A-1"
    assert values["fields.status.name"] == "Open"
    assert values["fields.labels"] == '["a","b"]'
    assert values["fields"] == '{"status":{"name":"Open"},"labels":["a","b"]}'


def test_a_field_that_comes_late_is_missing_before(read: Reads) -> None:
    """Also where the records come in several portions."""
    many = parts.ROWS_AT_ONCE + 5
    found = read('{"n": 1}\n' * many + '{"n": 2, "late": null}\n{"late": "x"}\n', "export.jsonl")

    assert found.column("late") == [None] * (many + 1) + ["x"]
    assert found.column("n")[-3:] == ["1", "2", None]


def test_half_a_letter_is_marked_and_loses_nothing_else(read: Reads) -> None:
    """Tools that cut texts at some length cut emojis in two."""
    found = read('{"t": "a\\ud83d", "k\\udfab": 1}\n{"t": "b"}\n', "export.jsonl")

    assert found.column("t") == ["a\N{REPLACEMENT CHARACTER}", "b"]
    assert found.header == ("t", "k\N{REPLACEMENT CHARACTER}")


def test_damaged_bytes_among_whole_letters_are_one_fault(read: Reads) -> None:
    """The line is set aside, or the record of a list."""
    good = '{"t": "Zoë"}\n'.encode()
    found = read(good + b'{"t": "B\xfcro"}\n' + good, "export.jsonl")

    assert found.column("t") == ["Zoë", "Zoë"]
    assert found.faulty == [(2, "line 2 is not UTF-8 text")]
    listed = b"[" + good + b',{"t": "B\xfcro"},' + good + b"]"
    assert read(listed, "export.json").faulty == [(2, "record 2 is not UTF-8 text")]


def test_a_line_beyond_all_measure_is_set_aside(
    read: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never held whole, and the next is read."""
    monkeypatch.setattr(json_text, "LONGEST_LINE", 1_000)
    long = json.dumps({"n": "x" * 10_000})
    found = read(f'{{"n": 1}}\n{long}\n{{"n": 2}}\n', "export.jsonl")

    assert found.column("n") == ["1", "2"]
    assert found.faulty == [(2, "line 2 is longer than 1,000 bytes")]


def test_a_field_of_a_million_characters_is_read(read: Reads) -> None:
    """As in separated text."""
    found = read(json.dumps({"n": "x" * 1_000_000}), "export.jsonl")

    assert found.column("n") == ["x" * 1_000_000]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("export.json", "", "export.json is empty"),
        ("export.jsonl", "\n \n", "export.jsonl is empty"),
        ("export.json", "number,team\n", "export.json is no JSON: it looks like text"),
        ("export.jsonl", "number,team\nINC1,A\n", "no records that can be read: line 1 is no JSON"),
        ("export.jsonl", "<!doctype html>", "it looks like a web page"),
        ("export.json", '{"number": "INC1"}', "no list of records in JSON: it holds one object"),
        ("export.json", '{"a": [{"b": 1}], "c": [{"d": 1}]}', "two lists of records, 'a' and 'c'"),
        ("export.json", LIST[:-9], "no list of records in JSON: "),
        ("export.json", "[]", "export.json holds no records"),
        ("export.jsonl", "{\n{\n", "holds no records that can be read|no list of records"),
        (
            "export.jsonl",
            '{"Team": 1}\n{"team": 2}\n',
            "'Team' and 'team', which differ in nothing",
        ),
        ("export.jsonl", '{"n\\u0000": 1}', "column 1 has no usable name"),
        ("export.jsonl", "{" + '"n": 1\0}', "it holds zero bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    read: Reads, name: str, content: str, said: str
) -> None:
    """With the name of the file."""
    with pytest.raises(FileUnreadable, match=said):
        read(content, name)


def test_names_of_records_in_the_place_of_columns_are_refused(read: Reads) -> None:
    """A map from ticket to ticket would become a table of thousands of columns."""
    tickets = {f"INC{n}": {"state": "New"} for n in range(parts.MOST_COLUMNS)}

    with pytest.raises(FileUnreadable, match=r"more than 2,000 columns\. Do names of single"):
        read(json.dumps(tickets), "export.jsonl")


def test_rows_are_counted_over_lines_that_were_set_aside(intake: Intake) -> None:
    """What is rejected later has its place in the file too; the reasons name lines."""
    good = json.dumps(records()[0])
    late = json.dumps({**records()[3], "at": "soon"})
    done = intake.takes(f"{good}\n\nnonsense\n{late}\n", name="export.jsonl")

    assert (done.read, done.accepted, done.rejected) == (3, 1, 2)
    assert intake.rejected() == [
        (2, None, "line 3 is no JSON: Expecting value at character 1", None),
        (3, "at", "the moment cannot be read", "soon"),
    ]

"""The one list in a document is read record by record, wherever blocks are cut."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.sources.tools.files import json_document
from opsgauge.sources.tools.files.json_document import NotThisForm, records


def read(text: str) -> list[Any]:
    """Return the records of a document."""
    return list(records(io.BytesIO(text.encode())))


RECORDS = [{"n": "1", "t": "Ω🎫"}, {"n": "2", "t": "]}, {["}]
LIST = json.dumps(RECORDS, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        json.dumps(RECORDS, indent=2),
        f"\ufeff\r\n {LIST} \n\n",
        f'{{"tickets": {LIST}}}',
        f'{{"next": null, "tickets": {LIST}, "count": 2}}',
        f'{{"tags": ["a", "b"], "none": [], "tickets": {LIST}, "meta": {{"list": [{{"a": 1}}]}}}}',
    ],
)
def test_a_list_alone_or_in_an_object(text: str) -> None:
    """As tools answer: a list, or an object with one list of records among other things."""
    assert read(text) == RECORDS


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9)), max_size=9),
    st.integers(1, 40),
    st.booleans(),
)
def test_records_come_back_wherever_blocks_are_cut(
    given_records: list[dict[str, Any]], block: int, inside: bool
) -> None:
    """In the middle of a name, a number, or the bytes of one letter."""
    text = json.dumps(given_records, ensure_ascii=False)
    text = f'{{"of": 1, "tickets": {text}}}' if inside and given_records else text
    before, json_document.BLOCK = json_document.BLOCK, block
    try:
        told = read(text)
    finally:
        json_document.BLOCK = before

    assert json.loads(json.dumps(told)) == [
        {key: value if isinstance(value, str) else str(value) for key, value in record.items()}
        for record in given_records
    ]


def test_an_element_that_is_no_object_is_left_to_the_reader() -> None:
    """It is for it to say so."""
    assert read('[1, {"a": "b"}, null]') == ["1", {"a": "b"}, None]
    assert read('{"t": [{"a": "b"}, 1]}') == [{"a": "b"}, "1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"a": 1}, {"b', "it ends in the middle|unterminated string"),
        ('[{"a": 1},', "it ends in the middle"),
        ('[{"a": 1}', "missing before its end on line 1"),
        ('[{"a": 1}\n{"a": 2}]', "',' is missing before '{' on line 2"),
        ('[\n{"a": 1},\n{"a": x}]', "on line 3, expecting value"),
        ('[{"a": 1}] [', "more follows after its end, on line 1"),
        ('{"a": [{"b": 1}], "c": [{"d": 1}]}', "two lists of records, 'a' and 'c'"),
        ('{"number": "INC1"}', "one object, and no list of records"),
        ('{"a" 1}', "':' is missing before '1'"),
        ("{", "it ends in the middle"),
        ("[" * 100_000, "nested too deeply"),
        ('"a"', "'{' is missing"),
    ],
)
def test_what_is_no_list_of_records_is_told_with_its_line(text: str, said: str) -> None:
    """A document has no lines to go on with, so it is refused whole."""
    with pytest.raises(NotThisForm, match=said):
        read(text)


def test_a_record_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the whole of a large file is gathered for it."""
    monkeypatch.setattr(json_document, "BLOCK", 100)
    monkeypatch.setattr(json_document, "LONGEST_RECORD", 1_000)
    stream = io.BytesIO(b'[\n{"a": "' + b"x" * 1_000_000)

    with pytest.raises(NotThisForm, match="a record from line 2 on does not end"):
        list(records(stream))
    assert stream.tell() < 5_000

"""XES: a row per event with what its trace says, and nothing that is not a whole log."""

import gzip
from collections.abc import Callable

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import event_log, parts
from tests.conftest import Intake
from tests.sources.conftest import Read

Reads = Callable[..., Read]


def event(at: str, name: str = "New", more: str = "") -> str:
    """Return an event."""
    return (
        f'<event><date key="time:timestamp" value="{at}"/>'
        f'<string key="concept:name" value="{name}"/>{more}</event>'
    )


def trace(name: str, *events: str) -> str:
    """Return a trace."""
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


def log(*traces: str, before: str = "", root: str = "<log>") -> str:
    """Return a log."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{before}{root}{"".join(traces)}</log>'


FIRST = event("2026-01-05T08:00:00.000+01:00")
SECOND = event("2026-01-05T09:00:00.000+01:00", "Done")
WHOLE = log(trace("INC1", FIRST, SECOND), trace("INC2", FIRST))


def test_an_event_is_a_row_with_what_its_trace_says(read: Reads) -> None:
    """In the order of the file."""
    found = read(WHOLE, "log.xes")

    assert found.column("case:concept:name") == ["INC1", "INC1", "INC2"]
    assert found.column("concept:name") == ["New", "Done", "New"]
    assert found.column("event:repeat") == ["1", "1", "1"]


def test_a_moment_keeps_the_offset_it_was_written_with(read: Reads) -> None:
    """It is text here; what it means is said by the mapping."""
    assert read(WHOLE, "log.xes").column("time:timestamp")[1] == "2026-01-05T09:00:00.000+01:00"


@pytest.mark.parametrize("name", ["log.xes.gz", "LOG.XES.GZ"])
def test_a_log_may_be_gzipped(read: Reads, name: str) -> None:
    """As the IEEE task force offers its logs."""
    assert read(gzip.compress(WHOLE.encode()), name) == read(WHOLE, "log.xes")


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("<log>", '<log xmlns="http://www.xes-standard.org/">'),
        WHOLE.replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("<x:?", "<?")
        .replace("<x:log>", '<x:log xmlns:x="http://www.xes-standard.org/">'),
        "\ufeff" + WHOLE,
    ],
    ids=["default", "prefix", "mark"],
)
def test_a_namespace_or_a_mark_changes_nothing(read: Reads, text: str) -> None:
    """Tags are known by their last part."""
    assert read(text, "log.xes").column("concept:name") == ["New", "Done", "New"]


def test_another_encoding_is_read_as_it_says(read: Reads) -> None:
    """XML names its encoding."""
    text = WHOLE.replace("UTF-8", "ISO-8859-1").replace("Done", "Gelöst")

    assert read(text.encode("latin-1"), "log.xes").column("concept:name")[1] == "Gelöst"


def test_equal_events_of_one_trace_are_two(read: Reads) -> None:
    """Somebody pressed the button twice; a count of those alike tells them apart."""
    found = read(log(trace("INC1", FIRST, SECOND, FIRST), trace("INC2", FIRST)), "log.xes")

    assert found.column("event:repeat") == ["1", "1", "2", "1"]


def test_an_event_put_in_between_changes_no_other(read: Reads) -> None:
    """Exported again, the log holds what it held before and the new event, and nothing else new."""
    late = event("2026-01-05T08:30:00.000+01:00", "Wait")
    before = read(log(trace("INC1", FIRST, FIRST, SECOND)), "log.xes")
    after = read(log(trace("INC1", FIRST, late, FIRST, SECOND)), "log.xes")

    assert set(before.rows) < set(after.rows)
    assert len(after.rows) == len(before.rows) + 1


LOG_MAPPING = """
source: desk
shape: updates
ticket_id: case:concept:name
fields: {updated_at: "time:timestamp", original_status: concept:name}
phases: {New: new, Wait: pending_user, Done: resolved}
"""


@pytest.mark.row("ING-01")
def test_a_log_exported_again_with_an_event_in_between_brings_only_that(intake: Intake) -> None:
    """What was imported before is known, wherever the new event stands in its trace."""
    late = event("2026-01-05T08:30:00.000+01:00", "Wait")
    first = log(trace("INC1", FIRST, FIRST, SECOND))
    intake.takes(first, name="log.xes", mapping=LOG_MAPPING)
    done = intake.takes(
        log(trace("INC1", FIRST, late, FIRST, SECOND)), name="log.xes", mapping=LOG_MAPPING
    )

    assert (done.accepted, done.duplicate) == (1, 3)
    assert intake.ticket("INC1", "update_count") == (4,)
    states = [state for *_, state in intake.history("INC1", "original_status")]
    assert states[-4:] == ["New", "New", "Wait", "Done"]


def test_every_kind_of_value_is_read_as_text(read: Reads) -> None:
    """Numbers, truths and ids too; what is nested in a value belongs to it and is left out."""
    more = (
        '<int key="count" value="3"/><float key="cost" value="2.50"/>'
        '<boolean key="major" value="true"/><id key="uid" value="a-b"/>'
        '<string key="team" value="A"><string key="concept:name" value="inner"/></string>'
    )
    found = read(log(trace("INC1", event("2026-01-05T08:00:00Z", "New", more))), "log.xes")

    values = dict(zip(found.header, found.rows[0], strict=True))
    assert values["count"] == "3"
    assert values["cost"] == "2.50"
    assert values["major"] == "true"
    assert values["uid"] == "a-b"
    assert values["team"] == "A"
    assert values["concept:name"] == "New"


def test_what_the_log_says_of_itself_is_no_event(read: Reads) -> None:
    """Neither its globals and classifiers nor its own attributes."""
    preface = (
        '<extension name="Concept" prefix="concept" uri="http://x"/>'
        '<global scope="event"><string key="concept:name" value="default"/></global>'
        '<classifier name="Activity" keys="concept:name"/><string key="source" value="desk"/>'
    )
    found = read(log(preface, trace("INC1", FIRST)), "log.xes")

    assert len(found.rows) == 1
    assert "case:source" not in found.header
    assert found.column("case:concept:name") == ["INC1"]


def test_an_attribute_that_only_later_events_have_is_missing_before(read: Reads) -> None:
    """Also where the events come in several portions."""
    many = [event("2026-01-05T08:00:00Z")] * (parts.ROWS_AT_ONCE + 1)
    late = event("2026-01-05T09:00:00Z", "Done", '<string key="team" value="A"/>')
    found = read(log(trace("INC1", *many, late)), "log.xes")

    assert found.column("team") == [None] * len(many) + ["A"]
    assert found.column("event:repeat") == [*(str(n + 1) for n in range(len(many))), "1"]


def test_text_in_attributes_is_unescaped(read: Reads) -> None:
    """As XML says."""
    text = log(trace("INC1", event("2026-01-05T08:00:00Z", "a &amp; &lt;b&gt; &#233; &quot;")))

    assert read(text, "log.xes").column("concept:name") == ['a & <b> é "']


@pytest.mark.parametrize(
    "text",
    [
        WHOLE[:-6],
        WHOLE[: len(WHOLE) // 2],
        WHOLE[:30],
        "",
        "number,team\nINC1,A\n",
        WHOLE + "<more/>",
        WHOLE.replace("</event>", "", 1),
        WHOLE.replace('value="Done"', 'value="\x01"'),
        WHOLE.replace("Done", "&unknown;"),
    ],
)
def test_a_log_that_is_not_whole_is_refused(read: Reads, text: str) -> None:
    """Half a log would give half the numbers without a word."""
    with pytest.raises(FileUnreadable, match=r"log\.xes is no whole XES log: .*\. Export or fetch"):
        read(text, "log.xes")


@pytest.mark.parametrize("text", [log(), log(trace("INC1")), "<html><body/></html>"])
def test_a_log_without_events_is_refused(read: Reads, text: str) -> None:
    """There is nothing to import."""
    with pytest.raises(FileUnreadable, match="holds no events"):
        read(text, "log.xes")


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE log [<!ENTITY a "b">]>',
        '<!DOCTYPE log SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused(read: Reads, doctype: str) -> None:
    """Entities can blow up, or read other files; no event log needs one."""
    with pytest.raises(FileUnreadable, match="declares a document type"):
        read(log(trace("INC1", FIRST), before=doctype), "log.xes")


def test_keys_that_differ_only_in_case_are_refused(read: Reads) -> None:
    """Columns of that kind cannot be told apart further down."""
    more = '<string key="Team" value="A"/><string key="team" value="B"/>'

    with pytest.raises(FileUnreadable, match="'Team' and 'team', which differ in nothing but case"):
        read(log(trace("INC1", event("2026-01-05T08:00:00Z", "New", more))), "log.xes")


def test_an_attribute_without_a_key_is_refused(read: Reads) -> None:
    """It cannot be asked for by any name."""
    broken = event("2026-01-05T08:00:00Z", "New", '<string value="A"/>')

    with pytest.raises(FileUnreadable, match="an attribute without a key"):
        read(log(trace("INC1", broken)), "log.xes")


def test_a_fault_is_told_with_its_line(read: Reads) -> None:
    """So that it is found in a file of a million lines."""
    broken = event("2026-01-05T08:00:00Z", "New", '\n<string value="A"/>')

    with pytest.raises(FileUnreadable, match="an attribute without a key, on line 2"):
        read(log(trace("INC1", broken)), "log.xes")


@pytest.mark.row("SEC-04", "ING-03")
def test_a_value_without_an_end_does_not_fill_memory(
    read: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parser would hold all of it before a word could be said."""
    monkeypatch.setattr(event_log, "BLOCK", 1_000)
    monkeypatch.setattr(event_log, "LONGEST", 10_000)

    with pytest.raises(FileUnreadable, match="a value on line 1 is longer than 10,000 bytes"):
        read(log(trace("INC1", event("2026-01-05T08:00:00Z", "x" * 50_000))), "log.xes")


@pytest.mark.row("SEC-04", "ING-03")
def test_nesting_without_end_does_no_harm(read: Reads) -> None:
    """What is nested in a value is left out, however deep."""
    deep = '<string key="a" value="b">' * 20_000 + "</string>" * 20_000
    found = read(log(trace("INC1", event("2026-01-05T08:00:00Z", "New", deep))), "log.xes")

    assert found.column("a") == ["b"]


@pytest.mark.row("ING-03")
def test_a_long_trace_and_many_activities_are_read(read: Reads) -> None:
    """Five thousand kinds of activity in one case, each event there."""
    events = [event("2026-01-05T08:00:00Z", f"step {n % 5_000}") for n in range(20_000)]
    found = read(log(trace("INC1", *events)), "log.xes")

    assert len(found.rows) == 20_000
    assert len(set(found.column("concept:name"))) == 5_000
    assert found.column("event:repeat")[-1] == "4"

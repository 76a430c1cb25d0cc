"""Whatever file is put before it, an import ends with a clear word or with rejected rows."""

import gzip
import io
import zipfile
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.foundation.errors import FileUnreadable, MappingWrong, Misuse
from tests.conftest import MAPPING, Intake
from tests.sources.odd_files import bent_parquet

HEADER = "number,at,state,team,who\n"
GOOD = "INC1,2026-01-05 08:00,New,A,Ann\n"
XES = (
    '<log><trace><string key="concept:name" value="INC1"/><event>'
    '<date key="time:timestamp" value="2026-01-05T08:00:00+01:00"/></event></trace></log>'
)


def zipped(*names: str, content: bytes = (HEADER + GOOD).encode()) -> bytes:
    """Return a zip of members of those names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return packed.getvalue()


BAD: dict[str, tuple[str, str | bytes]] = {
    "empty": ("export.csv", ""),
    "blank": ("export.csv", "\n\n"),
    "header only": ("export.csv", HEADER),
    "other encoding": ("export.csv", (HEADER + "INC1,2026,New,Büro,Ann\n").encode("latin-1")),
    "half a letter": ("export.csv", (HEADER + GOOD).encode("utf-16")[:-1]),
    "another encoding unmarked": ("export.csv", (HEADER + GOOD).encode("utf-16-le")),
    "zero bytes": ("export.csv", HEADER + "INC1,2026-01-05 08:00,N\0ew,A,Ann\n"),
    "picture": ("export.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "header twice": ("export.csv", "number,at,state,team,team,who\nINC1,2026,New,A,B,Ann\n"),
    "no such column": ("export.csv", HEADER.replace("state", "status") + GOOD),
    "unknown kind": ("export.doc", HEADER + GOOD),
    "half a gzip": ("export.csv.gz", gzip.compress((HEADER + GOOD * 99).encode())[:-9]),
    "no gzip": ("export.csv.gz", HEADER + GOOD),
    "half a zip": ("export.zip", zipped("export.csv")[:-30]),
    "two in a zip": ("export.zip", zipped("a.csv", "b.csv")),
    "nothing in a zip": ("export.zip", zipped("read me.doc")),
    "bomb": ("export.zip", zipped("export.csv", content=b"\n" * 110_000_000)),
    "half a log": ("export.xes", XES[:-20]),
    "half a gzipped log": ("export.xes.gz", gzip.compress(XES.encode())[:-9]),
    "log with a document type": ("export.xes", "<!DOCTYPE log>" + XES),
    "log without the columns": ("export.xes", XES),
    "no parquet": ("export.parquet", HEADER + GOOD),
    "bent parquet": ("export.parquet", bent_parquet()),
    "no workbook": ("export.xlsx", HEADER + GOOD),
    "half a workbook": ("export.xlsx", zipped("xl/workbook.xml")[:-30]),
    "empty zip as a workbook": ("export.xlsx", zipped("other.xml")),
    "no json": ("export.json", HEADER + GOOD),
    "half a list": ("export.json", '[{"number": "INC1"}, {"num'),
    "no list": ("export.json", '{"number": "INC1"}'),
    "two lists": ("export.json", '{"a": [{"number": "INC1"}], "b": [{"number": "INC2"}]}'),
    "a sign-in page": ("export.csv", "<!DOCTYPE html><html><title>Sign in</title></html>"),
}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """Return a workspace that holds something, and has to keep it."""
    intake = Intake(tmp_path_factory.mktemp("used"))
    intake.takes(
        HEADER + "INC7,2026-01-05 08:00,New,A,Ann\nINC8,soon,New,A,Ann\n", name="first.csv"
    )
    intake.close()
    intake.reopen()
    return intake


def stored_files(intake: Intake) -> dict[str, str]:
    """Return every file of the warehouse with a hash of its bytes."""
    root = intake.workspace.warehouse
    return {
        str(file.relative_to(root)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*"))
        if file.is_file() and file.name != "_import.lock"
    }


@pytest.mark.row("ING-01")
@pytest.mark.parametrize(
    ("which", "source"),
    [
        *((which, "desk") for which in BAD),
        *((which, "another") for which in ("header only", "no such column", "bent parquet")),
    ],
)
def test_a_bad_file_is_refused_and_leaves_everything_as_it_was(
    used: Intake, which: str, source: str
) -> None:
    """For a source that is known and one that is not; not a byte of the warehouse changes."""
    before = stored_files(used)
    name, content = BAD[which]

    with pytest.raises((FileUnreadable, MappingWrong)) as told:
        used.takes(content, name=name, mapping=MAPPING.replace("desk", source))

    assert name.split(".")[0] in str(told.value) or "cannot be read" in str(told.value)
    assert stored_files(used) == before
    assert used.version().version == 1


ODD = {
    "ragged": "INC2,2026-01-05 08:00\n",
    "too long": "INC2,2026-01-05 08:00,New,A,Ann,b,c\n",
    "no number": ",2026-01-05 08:00,New,A,Ann\n",
    "blank number": "  ,2026-01-05 08:00,New,A,Ann\n",
    "missing number": "?,2026-01-05 08:00,New,A,Ann\n",
    "no moment": "INC2,,New,A,Ann\n",
    "no such day": "INC2,2026-02-30 08:00,New,A,Ann\n",
    "far future": "INC2,9999-12-31 23:59,New,A,Ann\n",
    "a word for a moment": "INC2,yesterday,New,A,Ann\n",
    "a long word for a moment": f"INC2,{'x' * 1_000_000},New,A,Ann\n",
}


@pytest.mark.row("ING-01")
def test_odd_records_are_rejected_one_by_one_and_stop_no_other(intake: Intake) -> None:
    """Each with its row and a reason; those between them come in."""
    good = [GOOD.replace("INC1", f"GOOD{n}") for n in range(len(ODD))]
    text = HEADER + "".join(odd + fine for odd, fine in zip(ODD.values(), good, strict=True))
    done = intake.takes(text)

    assert (done.read, done.accepted, done.rejected) == (2 * len(ODD), len(ODD), len(ODD))
    rejected = intake.rejected()
    assert [row for row, *_ in rejected] == [2 * n + 1 for n in range(len(ODD))]
    assert all(reason for _, _, reason, _ in rejected)
    assert intake.rows("SELECT count(*) FROM tickets") == [(len(ODD),)]


def test_odd_values_come_in_as_they_are(intake: Intake) -> None:
    """Long, many-lined, in any script, looking like SQL or like a formula: text is text."""
    teams = [
        "x" * 1_000_000,
        "two\nlines",
        "two\r\nlines",
        'a "quoted" name',
        "Ωμέγα 出来事 🎫",
        "'; DROP TABLE tickets; --",
        "=1+1",
        "a\tb\\c",
        "null",
        "NaN",
        "-",
    ]
    rows = "".join(
        'INC{},2026-01-05 08:00,New,"{}",Ann\n'.format(n, team.replace('"', '""'))
        for n, team in enumerate(teams)
    )
    done = intake.takes(HEADER + rows)

    assert (done.accepted, done.rejected) == (len(teams), 0)
    kept = dict(intake.rows("SELECT ticket_id, team FROM tickets"))
    assert [kept[f"INC{n}"] for n in range(len(teams))] == teams


@pytest.mark.row("ING-01")
@settings(max_examples=25)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=400).map(str.encode),
        st.lists(st.text(st.sampled_from('INC12,;"\n\r\t 2026-01-05:?\0é'), max_size=40)).map(
            lambda lines: (HEADER + "\n".join(lines)).encode()
        ),
    ),
    name=st.sampled_from(["x.csv", "x.tsv", "x.csv.gz", "x.zip", "x.xes", "x.parquet", "x.txt"]),
)
def test_no_file_at_all_brings_an_import_to_its_knees(
    used: Intake, content: bytes, name: str
) -> None:
    """Random bytes, text, and lines under a right header: a word, or counts that add up."""
    with suppress(Misuse):
        done = used.takes(content, name=name, dry_run=True)
        assert done.read == done.accepted + done.duplicate + done.rejected

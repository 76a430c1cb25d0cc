"""Twenty questions, each asked of the page, the API, the command and the CSV: one number each."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.testclient import TestClient

from opsgauge.cli import options
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.cli.conftest import Run
from tests.conftest import Intake
from tests.web.pages.desk import MAPPING, make_desk, updates

pytestmark = pytest.mark.row("CAT-03")
ORDERS = MAPPING.replace("source: desk", "source: shop").replace(
    "practice: incident", "practice: request"
)
SURVEYS = """
source: desk
table: surveys
times: {zone: UTC}
fields: {survey_id: id, kind: {value: recommendation}, ticket_id: ticket, sent_at: at,
         answered_at: at, score: said,
         scale_min: {value: "0"}, scale_max: {value: "10"}}
"""
COSTS = """
source: books
table: costs
times: {zone: UTC}
fields: {cost_id: id, period_start: from, period_end: until, amount: euros,
         currency: {value: EUR}, kind: {value: operating}}
"""
EACH_QUESTION = (
    ("tickets_opened", "period=week"),
    ("tickets_opened", "period=day", "from=2026-02-02", "to=2026-02-15", "by=team"),
    ("tickets_resolved", "period=month", "by=priority"),
    ("time_to_resolve", "period=week", "statistic=median"),
    ("time_to_resolve", "period=month", "statistic=p90", "by=team"),
    ("time_to_resolve", "period=quarter", "statistic=mean", "where=priority=1 high|3 low"),
    ("request_fulfilment_time", "period=month", "statistic=geometric_mean", "by=category"),
    ("time_to_resolve", "period=week", "as_of=2026-03-02T06:00Z", "by=priority"),
    ("backlog", "period=week", "by=team"),
    ("backlog_age", "period=month", "by=priority"),
    ("work_in_progress", "period=day", "from=2026-03-01", "to=2026-03-10"),
    ("reopened_share", "period=month", "by=category", "where=practice=incident"),
    ("sla_met_share", "period=week", "from=2026-02-01", "to=2026-03-31", "by=channel"),
    ("pending_share", "period=month", "by=team"),
    ("handoffs_per_ticket", "period=quarter", "by=category"),
    ("queue_time", "period=month", "by=priority"),
    ("clearance_ratio", "period=week"),
    ("net_promoter_score", "period=month", "by=team"),
    ("operating_cost", "period=month"),
    ("service_level_kept_share", "period=month", "by=team"),
    ("promise_used_share", "period=week", "by=priority", "where=category=Mail"),
)
FLAGS = {"as_of": "as-of"}
FORMULA = "=1+1"  # what the requests' channel is called
SHOWN_IN_HOURS = {"s": 1 / 3600, "min": 1 / 60, "h": 1, "days": 24, "weeks": 168}
Rows = Sequence[Mapping[str, Any]]


@dataclass
class Tables(HTMLParser):
    """The values of a page: what each says to programs, and its cells as people read them."""

    source: str

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[dict[str, Any]] = []
        self.links: dict[str, list[str]] = {}
        self._link, self._within = "", False
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a value, a cell of it, or a link."""
        given = {name: value or "" for name, value in attrs}
        if "data-n" in given:
            exact = {name.removeprefix("data-"): text for name, text in given.items()}
            self.rows.append({"tag": tag, "exact": exact, "cells": []})
            self._within = True
        if tag in ("td", "dd") and self._within:
            self.rows[-1]["cells"].append("")
        self._link = given.get("href", "") if tag == "a" else self._link

    def handle_endtag(self, tag: str) -> None:
        """End a value."""
        if self.rows and tag == self.rows[-1]["tag"]:
            self._within = False
        self._link = "" if tag == "a" else self._link

    def handle_data(self, data: str) -> None:
        """Note what stands in a cell, and the words of a link."""
        if self._within and self.rows[-1]["cells"]:
            self.rows[-1]["cells"][-1] += data
        if self._link:
            self.links.setdefault(data.strip(), []).append(self._link)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import incidents, requests, surveys and costs."""
    held = make_desk(tmp_path_factory.mktemp("ways"))
    orders = updates(9).splitlines()
    text = "\n".join(orders[:800]).replace("INC", "REQ").replace(",mail,", f",{FORMULA},")
    held.takes(text, mapping=ORDERS)
    tickets = list(dict.fromkeys(line.split(",")[0] for line in updates().splitlines()[1:2000]))
    held.takes(
        "id,ticket,at,said\n"
        + "".join(
            f"{n},{ticket},2026-0{1 + n % 4}-11T10:00Z,{n * 7 % 11}\n"
            for n, ticket in enumerate(tickets)
        ),
        mapping=SURVEYS,
        name="surveys.csv",
    )
    held.takes(
        "id,from,until,euros\n"
        + "".join(f"{n},2026-0{n}-01,2026-0{n}-28,{1000.1 * n}\n" for n in (1, 2, 3, 4)),
        mapping=COSTS,
        name="costs.csv",
    )
    yield held
    held.close()


@pytest.fixture(scope="module")
def readers() -> Readers:
    """Return data versions opened once, for the commands of this file too."""
    return Readers(remember=True)


@pytest.fixture(scope="module")
def client(desk: Intake, readers: Readers) -> TestClient:
    """Serve the desk."""
    context = Context(desk.context.workspace, readers=readers)
    return TestClient(make_app(context), base_url="http://127.0.0.1:8787")


@pytest.fixture
def program(opsgauge: Run, desk: Intake, readers: Readers, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs `opsgauge measure` over the desk."""
    monkeypatch.setattr(options, "Context", partial(Context, readers=readers))

    def ask(question: Sequence[str], form: str) -> Any:
        metric, *asked = question
        said = []
        for each in asked:
            name, _, value = each.partition("=")
            said += [f"--{FLAGS.get(name, name)}", value]
        told = opsgauge(
            "measure", metric, *said, "--workspace", desk.workspace.path, "--format", form
        )
        assert told.code == 0, told.err
        return told

    return ask


def without(question: Sequence[str], name: str) -> tuple[str, ...]:
    """Return a question without one of its parts."""
    return tuple(each for each in question if not each.startswith(f"{name}="))


def params(question: Sequence[str]) -> dict[str, str]:
    """Return a question as the parameters of an address."""
    return dict(each.split("=", 1) for each in question[1:])


def number(text: str) -> float | None:
    """Return a number as CSV and page write it for programs."""
    return float(text) if text else None


def is_as_shown(shown: str, value: float | None, unit: str) -> bool:
    """Say whether a text that people read is that value, rounded to the digits it shows."""
    if value is None:
        return shown in ("no value", "none")
    figure, _, sign = shown.replace("\u2212", "-").replace("\u202f", " ").partition(" ")
    plain = figure.replace(",", "")
    scale = SHOWN_IN_HOURS[sign] if unit == "hours" else {"%": 0.01}.get(sign, 1)
    digits = len(plain.partition(".")[2])
    return abs(float(plain) * scale - value) <= (0.5 * 10**-digits) * scale * (1 + 1e-9)


def test_there_are_twenty_and_more_and_of_every_kind() -> None:
    """Each option is used: split, filter, period, days and the past."""
    used = {each.partition("=")[0] for question in EACH_QUESTION for each in question[1:]}

    assert len(EACH_QUESTION) >= 20
    assert len({question[0] for question in EACH_QUESTION}) >= 15
    assert used == {"period", "by", "where", "from", "to", "as_of", "statistic"}


@pytest.mark.parametrize("question", EACH_QUESTION, ids=" ".join)
def test_command_and_api_give_one_number(
    program: Run, client: TestClient, question: tuple[str, ...]
) -> None:
    """As JSON and as CSV: the same rows in the same order, to the last digit."""
    said: Rows = program(question, "json").json["rows"]
    api = client.get(f"/api/v1/measure/{question[0]}", params=params(question)).json()["rows"]
    text = program(question, "csv").out
    file = client.get(
        f"/api/v1/measure/{question[0]}", params={**params(question), "format": "csv"}
    )
    lines = list(csv.DictReader(io.StringIO(file.text)))

    assert any(row["value"] for row in said)
    assert api == said
    assert file.text == text
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    for line, row in zip(lines, said, strict=True):
        for name, text in {**row["by"], "period": row["period"]}.items():
            assert (line[name].removeprefix("'") or None) == text
        for name in {*row} - {"by", "period"}:
            assert number(line[name]) == row[name]


@pytest.mark.parametrize("question", EACH_QUESTION, ids=" ".join)
def test_the_table_on_the_terminal_shows_that_number(
    program: Run, question: tuple[str, ...]
) -> None:
    """Each row's value and n, rounded as it is shown."""
    told = program(question, "json").json
    printed = program(question, "table").out.splitlines()
    heads = next(at for at, line in enumerate(printed) if line.startswith("Period"))
    lines = [re.split(r" {3,}", line.strip()) for line in printed[heads + 1 :] if line.strip()]

    for line, row in zip(lines, told["rows"], strict=True):
        assert line[0] == row["period"]
        assert is_as_shown(line[1 + len(row["by"])], row["value"], told["unit"]), (line, row)
        assert line[-1] == f"{row['n']:,}"


@pytest.mark.parametrize("question", EACH_QUESTION, ids=" ".join)
def test_the_page_and_its_twin_give_that_number(
    program: Run, client: TestClient, question: tuple[str, ...]
) -> None:
    """The series and the split over the whole range; exact for programs, rounded for people."""
    read = Tables(client.get(f"/metrics/{question[0]}", params=params(question)).text)
    [twin] = read.links["This page as JSON"]
    whole = without(question, "period")
    split = [each.partition("=")[2] for each in question if each.startswith("by=")]
    wanted = {
        "measured": program(without(question, "by"), "json").json,
        "overall": program(without(whole, "by"), "json").json,
    }
    if split:
        wanted["breakdown"] = program(whole, "json").json
    told = client.get(twin).json()
    shown = {
        "measured": [row for row in read.rows if row["tag"] == "tr" and "by" not in row["exact"]],
        "overall": [row for row in read.rows if row["tag"] == "div"][-1:],
        "breakdown": [row for row in read.rows if "by" in row["exact"]],
    }

    for part, answer in wanted.items():
        assert told[part]["rows"] == answer["rows"], part
        assert sorted(map(_exact, shown[part])) == sorted(map(_said, answer["rows"])), part
    for row in (row for rows in shown.values() for row in rows if row["tag"] == "tr"):
        cell = row["cells"][1]
        value = number(row["exact"].get("value", ""))
        assert any(
            is_as_shown(f"{cell} {sign}".strip(), value, wanted["measured"]["unit"])
            for sign in _signs(wanted["measured"]["unit"])
        ), row


def _signs(unit: str) -> Sequence[str]:
    """Return the units that a column may be headed with."""
    return tuple(SHOWN_IN_HOURS) if unit == "hours" else ("%",) if unit == "share" else ("",)


def _exact(row: Mapping[str, Any]) -> str:
    exact = dict(row["exact"])
    period, by = exact.pop("period"), json.loads(exact.pop("by", "{}"))
    return repr((period, by, sorted((name, float(text)) for name, text in exact.items())))


def _said(row: Mapping[str, Any]) -> str:
    numbers = {
        name: float(row[name])
        for name in row
        if name not in ("period", "by") and row[name] is not None
    }
    return repr((row["period"], row["by"], sorted(numbers.items())))


def test_each_table_of_a_page_is_a_file(client: TestClient) -> None:
    """Series, signals and split: the CSV that its link gives holds the rows that the page shows."""
    read = Tables(client.get("/metrics/backlog?period=week&by=team").text)
    files = [client.get(href).text for href in dict.fromkeys(read.links["CSV"])]
    rows = [list(csv.DictReader(io.StringIO(text))) for text in files]

    assert [("signals" in each[0], "team" in each[0]) for each in rows] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    series = [row["exact"] for row in read.rows if row["tag"] == "tr" and "by" not in row["exact"]]
    assert [float(each["value"]) for each in series][::-1] == [float(r["value"]) for r in rows[0]]


@pytest.mark.row("SEC-04")
def test_a_channel_named_like_a_formula_is_text_in_every_file(
    program: Run, client: TestClient
) -> None:
    """JSON says it as it is; each CSV marks it, so that no spreadsheet computes it."""
    question = ("tickets_opened", "by=channel")
    asked = client.get(f"/api/v1/measure/{question[0]}", params={"by": "channel"})
    files = [
        program(question, "csv").out,
        client.get("/api/v1/measure/tickets_opened?by=channel&format=csv").text,
        client.get("/tickets.csv?where=practice=request").text,
    ]

    assert FORMULA in [row["by"]["channel"] for row in asked.json()["rows"]]
    for text in files:
        cells = {cell for line in csv.reader(io.StringIO(text)) for cell in line}
        assert FORMULA not in cells
        assert f"'{FORMULA}" in cells


def test_another_form_is_refused(client: TestClient) -> None:
    """Naming the parameter and what it may be."""
    wrong = client.get("/api/v1/measure/backlog?format=xml")

    assert wrong.status_code == 400
    assert "format: Input should be 'json' or 'csv'" in wrong.json()["error"]["message"]

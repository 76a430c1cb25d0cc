"""The page templates, each filled with what its opening comment asks for, and nothing else."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import opsgauge
from opsgauge.operations.drawing.filters import FILTERS
from opsgauge.web.given import MOST_FIELDS
from tests.operations.drawing.page_contexts import PAGES
from tests.operations.drawing.samples import HOSTILE
from tests.web.forms import forms

WEB = Path(opsgauge.__file__).parent / "web"
LOOKS = (WEB / "static" / "look.css").read_text()


@pytest.fixture(scope="module")
def environment() -> Environment:
    """Return the templates; a variable that no context names is an error."""
    made = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    return made


class Read(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each element."""
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of each element of a kind."""
        return [attributes for name, attributes in self.tags if name == tag]

    def ids(self) -> list[str]:
        """Return every id."""
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]


def page(environment: Environment, name: str, text: str = "Group 20") -> str:
    """Fill one page with one text wherever a text may come."""
    template, context = PAGES[name]
    return environment.get_template(template).render(context(text))


def test_every_template_of_a_page_is_tried() -> None:
    """One that is forgotten here would be held to nothing."""
    there = {file.name for file in (WEB / "templates").glob("*.html")} - {"base.html"}
    assert there == {template for template, _ in PAGES.values()}


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_text_stays_a_text_everywhere(environment: Environment, name: str) -> None:
    """In words, attributes, addresses, pictures and the chart's data."""
    html = page(environment, name, HOSTILE)

    assert "<script>alert" not in html
    assert "alert(&#34;1&#34;)" in html
    assert not [one for one in Read(html).all("script") if not one]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_needs_a_looser_policy(environment: Environment, name: str) -> None:
    """No inline style, no inline handler, no inline script, and nothing from elsewhere."""
    html = page(environment, name)
    read = Read(html)

    for tag, attributes in read.tags:
        assert "style" not in attributes, tag
        assert not [key for key in attributes if key.startswith("on")], tag
    assert all(
        one.get("src") or one.get("type") == "application/json" for one in read.all("script")
    )
    assert not re.search(r'(?:href|src|action)="(?:https?:)?//', html)
    assert "<style" not in html


@pytest.mark.row("DSH-09")
@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_step_by_step_from_one(environment: Environment, name: str) -> None:
    """One h1, and no level is left out on the way down."""
    levels = [
        int(tag[1]) for tag, _ in Read(page(environment, name)).tags if re.fullmatch("h[1-6]", tag)
    ]

    assert levels.count(1) == 1
    for before, after in pairwise(levels):
        assert after <= before + 1


@pytest.mark.row("DSH-09")
@pytest.mark.parametrize("name", PAGES)
def test_everything_one_fills_in_has_a_label(environment: Environment, name: str) -> None:
    """By `for`, or by standing inside its label."""
    html = page(environment, name)
    read = Read(html)
    labelled = {one["for"] for one in read.all("label") if "for" in one}
    inside = re.findall(r"<label[^>]*>(?:(?!</label>).)*<input", html, re.DOTALL)

    fields = [*read.all("input"), *read.all("select")]
    free = [one for one in fields if one.get("type") != "hidden" and one.get("id") not in labelled]
    assert len(free) == len(inside)


@pytest.mark.parametrize("name", PAGES)
def test_every_form_can_be_sent_whole(environment: Environment, name: str) -> None:
    """None has more fields than are taken in, its token among them."""
    sent = [each for each in forms(page(environment, name)) if each.method == "post"]
    assert [each.action for each in sent if each.count > MOST_FIELDS] == []


@pytest.mark.row("DSH-09")
@pytest.mark.parametrize("name", PAGES)
def test_tables_say_what_they_hold(environment: Environment, name: str) -> None:
    """Each big table has a caption, each head cell its scope."""
    read = Read(page(environment, name))
    tables = [one for one in read.all("table") if "small" not in (one.get("class") or "")]

    assert len(read.all("caption")) == len(tables)
    assert all(one.get("scope") in {"col", "row"} for one in read.all("th"))


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_what_points_to_one_finds_it(
    environment: Environment, name: str
) -> None:
    """Labels, choosers, drawers and headings."""
    read = Read(page(environment, name))
    ids = read.ids()

    assert [one for one, times in Counter(ids).items() if times > 1] == []
    for _, attributes in read.tags:
        for key in ("for", "popovertarget", "aria-controls", "aria-labelledby", "data-chart"):
            if attributes.get(key):
                assert attributes[key] in ids


@pytest.mark.parametrize("name", PAGES)
def test_one_place_is_current_and_a_skip_link_comes_first(
    environment: Environment, name: str
) -> None:
    """The keyboard gets to the content at once."""
    read = Read(page(environment, name))
    place = PAGES[name][1]("x")["page"]["place"]

    assert read.all("a")[0]["href"] == "#main"
    assert [one.get("aria-current") for one in read.all("a")].count("page") == (1 if place else 0)
    assert [one.get("id") for one in read.all("main")] == ["main"]


@pytest.mark.row("DSH-09")
def test_the_sorted_column_says_so(environment: Environment) -> None:
    """To eyes by an arrow, to a screen reader by `aria-sort`."""
    html = page(environment, "tickets")
    assert [one["aria-sort"] for one in Read(html).all("th") if "aria-sort" in one] == [
        "descending"
    ]
    assert "↓" in html


@pytest.mark.row("DSH-09")
def test_the_chart_has_its_table_with_the_same_numbers(environment: Environment) -> None:
    """Four weeks with a value, one without, newest first, each with its tickets."""
    html = page(environment, "metric")
    table = html[html.index('id="chart-table"') : html.index('id="signals-title"')]

    assert re.findall(r"<b>([^<]+)</b>", table) == ["30.0", "10.0", "none", "50.0", "31.0", "30.0"]
    assert table.count('href="/tickets?') == 6


def test_a_withheld_number_is_nowhere_on_its_page(environment: Environment) -> None:
    """Neither as the last good value nor in the table of periods."""
    html = page(environment, "metric_withheld")
    assert "Withheld" in html
    assert "chart-spec" not in html
    assert "30.0" not in html
    assert "50.0" not in html


def test_every_class_a_page_uses_has_a_look(environment: Environment) -> None:
    """A class without a rule is a slip of the pen, or a rule that went missing."""
    bare = {
        "hot",
        "tag",
        "plain",
        "whole",
        "too_few",
        "drawer-room",
        "figure",
        "words",
        "map-figure",
    }
    used: set[str] = set()
    for name in PAGES:
        for _, attributes in Read(page(environment, name)).tags:
            used.update((attributes.get("class") or "").split())

    assert {one for one in used - bare if f".{one}" not in LOOKS} == set()

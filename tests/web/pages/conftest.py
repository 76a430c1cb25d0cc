"""The desk of sixteen weeks behind a server, and pages read as a reader of them would."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.looked import look_meanwhile, weeks
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.pages.desk import make_desk

WITHOUT_TEXT = {"script", "style"}
SINGLE = {"meta", "link", "input", "br", "line", "rect", "path", "circle", "polygon", "img"}


@dataclass
class Link:
    """A link: where it leads, and its words."""

    href: str
    text: str = ""


@dataclass
class Read(HTMLParser):
    """A page as text, links and fields."""

    source: str
    status: int = 200
    text: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headings: dict[str, list[str]] = field(default_factory=dict)
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and a link's address."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in SINGLE:
            self.open_tags.append(tag)
        if tag == "a" and "href" in given:
            self.links.append(Link(given["href"]))

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag."""
        while self.open_tags and self.open_tags.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note words, and whose they are."""
        if WITHOUT_TEXT & {*self.open_tags}:
            return
        self.text.append(data)
        if "a" in self.open_tags and self.links:
            self.links[-1].text += data
        for name in {"h1", "h2", "title"} & {*self.open_tags}:
            self.headings.setdefault(name, []).append(data)

    @property
    def words(self) -> str:
        """All its text, with single spaces."""
        return " ".join(" ".join(self.text).split())

    @property
    def headline(self) -> str:
        """Its h1."""
        return "".join(self.headings.get("h1", [])).strip()

    def twin(self) -> str:
        """Where its JSON is."""
        return next(link.href for link in self.links if link.text == "This page as JSON")


Open = Callable[[str], Read]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import the desk of sixteen weeks."""
    held = make_desk(tmp_path_factory.mktemp("desk"))
    yield held
    held.close()


@pytest.fixture(scope="session")
def client(desk: Intake) -> TestClient:
    """Return a browser of this machine that follows no redirect."""
    context = Context(desk.workspace, readers=Readers(in_memory=True, remember=True))
    look_meanwhile(context, weeks(context), patience=120)  # what goes on meanwhile is over
    return TestClient(
        make_app(context),
        base_url="http://127.0.0.1:8787",
        raise_server_exceptions=False,
        follow_redirects=False,
    )


@pytest.fixture(scope="session")
def page(client: TestClient) -> Open:
    """Return what opens a page and reads it."""

    def open_page(path: str) -> Read:
        answer = client.get(path)
        return Read(answer.text, answer.status_code)

    return open_page

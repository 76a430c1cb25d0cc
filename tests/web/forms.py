"""The forms of a page as a browser sends them: every field by name, with the value it shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image"}
TICKED = {"checkbox", "radio"}


@dataclass
class Sends:
    """A form: where it is sent, how, and what in it is sent.

    Attributes
    ----------
    fields : each name once, with its value; of boxes that are not ticked the value they would have
    unticked : names of such boxes, which a browser leaves away
    count : the most parts it can be sent with
    """

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    unticked: set[str] = field(default_factory=set)
    count: int = 0

    @property
    def as_shown(self) -> dict[str, str]:
        """What a browser sends of it where nobody touches it."""
        return {name: value for name, value in self.fields.items() if name not in self.unticked}


class _Forms(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Sends] = []
        self._open: Sends | None = None
        self._select = self._area = ""
        self._chosen = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or what stands in one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Sends(given.get("action", ""), given.get("method", "get").lower())
            self.found.append(self._open)
        elif self._open is not None:
            self._field(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Leave a form, a choice or a text area."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Take in the text of a text area; its first line end is none."""
        if self._open is not None and self._area:
            self._open.fields[self._area] += data.removeprefix("\n")

    def _field(self, form: Sends, tag: str, given: dict[str, str]) -> None:
        if tag == "option" and self._select:
            if "selected" in given or not self._chosen:
                form.fields[self._select] = given.get("value", "")
            self._chosen = True
        name, kind = given.get("name", ""), given.get("type", "")
        if tag not in ("input", "select", "textarea") or not name or kind in UNSENT:
            return
        form.count += kind != "radio" or name not in form.fields
        if kind in TICKED and "checked" not in given:
            form.unticked |= set() if name in form.fields else {name}
            form.fields.setdefault(name, given.get("value", "on"))
            return
        form.unticked.discard(name)
        form.fields[name] = given.get("value", "")
        self._select = name if tag == "select" else self._select
        self._area = name if tag == "textarea" else self._area
        self._chosen = self._chosen and tag != "select"


def forms(source: str) -> list[Sends]:
    """Return the forms of a page, in the order in which they stand."""
    return _Forms(source).found


def form_to(source: str, action: str) -> Sends:
    """Return the form of a page that is sent to an address."""
    [found] = [each for each in forms(source) if each.action == action and each.method == "post"]
    return found

"""A message: what changed, how sure, whose it is, which decision, where to look; as text and HTML.

Floor 4. Written once, when it is stored. What comes from records is text in both: no line of it
becomes a header, no sign of it markup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

LONGEST_SUBJECT = 200
LONGEST_LINE = 2_000

_TEXT = Environment(  # noqa: S701 - plain text, in which nothing is markup
    loader=PackageLoader("opsgauge.alerts"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_HTML = Environment(
    loader=PackageLoader("opsgauge.alerts"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Said:
    """What a message says.

    Attributes
    ----------
    severity : info, warning or critical
    what : what changed, a sentence; sure : how sure that is
    owner : whose it is; decision, runbook : what to decide, and where it says how; "" for nothing
    link : the page that shows it, "" where no address of the server is known
    facts : further lines: a label and its words
    at : when it was noticed, in the zone of whom it is for
    """

    subject: str
    severity: str
    what: str
    sure: str
    owner: str = ""
    decision: str = ""
    runbook: str = ""
    link: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    at: str = ""

    def content(self) -> dict[str, Any]:
        """Return what the outbox keeps."""
        kept = {name: one_line(value) for name, value in vars(self).items() if name != "facts"}
        kept["subject"] = kept["subject"][:LONGEST_SUBJECT]
        return {**kept, "facts": [[one_line(label), one_line(text)] for label, text in self.facts]}


@dataclass(frozen=True)
class Written:
    """A message as a channel takes it; `key` is its idempotency key."""

    key: str
    subject: str
    text: str
    html: str
    severity: str
    parts: Sequence[Mapping[str, Any]]


def written(key: str, contents: Sequence[Mapping[str, Any]]) -> Written:
    """Return the message of what the outbox kept; of several, one that tells all of them."""
    first = contents[0]
    grave = max((str(each["severity"]) for each in contents), key=_SEVERITIES.index)
    subject = str(first["subject"])
    if len(contents) > 1:
        subject = f"{len(contents)} alerts, the first: {subject}"
    values = {"subject": subject, "parts": contents, "key": key}
    return Written(
        key=key,
        subject=subject[:LONGEST_SUBJECT],
        text=_TEXT.get_template("message.txt").render(values),
        html=_HTML.get_template("message.html").render(values),
        severity=grave,
        parts=contents,
    )


_SEVERITIES = ("info", "warning", "critical")


def one_line(text: str) -> str:
    r"""Return a text as one line without what cannot be seen: no header begins in it.

    Examples
    --------
    >>> one_line("Backlog\r\nBcc: all@example.org")
    'Backlog Bcc: all@example.org'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_LINE]


def moment_words(moment: datetime, zone: str) -> str:
    """Return an instant with the zone of its clock.

    Examples
    --------
    >>> from datetime import UTC
    >>> moment_words(datetime(2026, 1, 5, 8, tzinfo=UTC), "Europe/Berlin")
    'Mon 5 Jan 2026, 09:00 (Europe/Berlin)'
    """
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%a} {here.day} {here:%b %Y, %H:%M} ({zone})"

"""Messages: text and HTML of the same, with whatever stands in the records told as text."""

import pytest

from opsgauge.alerts.message import LONGEST_SUBJECT, Said, written

HOSTILE = "A\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>{{ 7*7 }}\u202e\x00"


@pytest.mark.row("ALR-05")
def test_a_message_says_what_how_sure_whose_and_which_decision() -> None:
    """In text and in HTML, with the link and the zone of its time."""
    told = Said(
        subject="Warning: Backlog",
        severity="warning",
        what="Backlog was 148.",
        sure="counted.",
        owner="ana",
        decision="Lend people to the queue.",
        runbook="https://wiki.example.org/backlog",
        link="https://ops.example.org/metrics/backlog?period=week&to=2026-02-01",
        facts=(("INC1", "2 h left"),),
        at="Mon 5 Jan 2026, 09:00 (Europe/Berlin)",
    )
    made = written("key", [told.content()])
    for part in (*vars(told).values(), "key", "INC1", "2 h left"):
        if isinstance(part, str) and part != told.subject:
            assert part in made.text, part
            assert part.replace("&", "&amp;") in made.html, part
    assert (made.subject, made.severity) == ("Warning: Backlog", "warning")


@pytest.mark.row("ALR-05")
def test_hostile_text_is_text() -> None:
    """No header begins in it, no markup, no template; what cannot be seen is gone."""
    told = Said(HOSTILE, "warning", HOSTILE, HOSTILE, HOSTILE, HOSTILE, facts=((HOSTILE, HOSTILE),))
    made = written("key", [told.content()])
    assert "\n" not in made.subject
    assert "\r" not in made.subject + made.text + made.html
    assert not any(line.startswith("Bcc") for line in made.text.splitlines())
    assert "<script>" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "{{ 7*7 }}" in made.text
    assert not {"\u202e", "\x00"} & {*made.text, *made.html, *made.subject}


def test_a_subject_is_no_novel() -> None:
    """However long a name is."""
    assert len(written("k", [Said("x" * 9_000, "info", "w", "s").content()]).subject) == (
        LONGEST_SUBJECT
    )


@pytest.mark.row("ALR-05")
def test_a_digest_tells_all_as_gravely_as_the_gravest() -> None:
    """One message, each alert in it."""
    parts = [
        Said(f"S{n}", severity, f"What {n}.", "").content()
        for n, severity in enumerate(("info", "critical", "warning"))
    ]
    made = written("key", parts)
    assert made.subject == "3 alerts, the first: S0"
    assert made.severity == "critical"
    for n in range(3):
        assert f"What {n}." in made.text
        assert f"What {n}." in made.html

"""The page of alerts: drafted and replayed by its form, switched on, told, marked, retired."""

import re
from collections.abc import Iterator

import pytest

from opsgauge.governance.access import everywhere
from opsgauge.governance.signal_register import Noted
from opsgauge.operations.alerting import watching
from tests.alerts.receiver import receiving
from tests.conftest import Intake
from tests.operations.alerting.conftest import channels
from tests.web.forms import form_to, forms
from tests.web.pages.desk import make_desk
from tests.web.pages.test_agreed import Visit

HOSTILE = '"><script>alert(1)</script>'
HIDDEN = "T0PS3CRET"  # a part of a channel's URL
RULE = {
    "name": f"Backlog {HOSTILE}",
    "kind": "threshold",
    "metric": "backlog",
    "above": "0",
    "period": "week",
    "channel": "ops",
    "severity": "warning",
    "decision": HOSTILE,
    "escalate": "30m: via ops",
    "why": HOSTILE,
}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of its own, since these tests write into its records."""
    held = make_desk(tmp_path_factory.mktemp("alerts"))
    yield held
    held.close()


@pytest.mark.row("ALR-03")
@pytest.mark.row("ALR-04")
def test_a_rule_from_its_form_to_its_end(own: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafted and replayed, switched on, fired, told, marked, retired; hostile text is text.

    What is refused keeps what was typed; no part of a channel's URL shows anywhere.
    """
    monkeypatch.setattr(watching, "note_signals", lambda _: Noted(0))
    ana = Visit(own, everywhere("ana", "administrator"))
    with receiving() as receiver:
        channels(own.workspace.path, f'ops = "json://127.0.0.1:{receiver.port}/{HIDDEN}"\n')
        wrong = ana.send("/alerts", **{**RULE, "above": "many"})
        assert (wrong.status, 'value="many"' in wrong.source) == (400, True)
        assert "is no number to reach" in wrong.source
        drafted = ana.send("/alerts", **RULE)
        assert "It would have fired 4 times in 365 days" in drafted.source
        assert ("<svg" in drafted.source, "after 30 min through ops" in drafted.source) == (
            True,
        ) * 2
        assert "1 alert is on" in ana.send("/alerts/1/on", why="Go.").source
        told = ana.asks.post("/api/v1/watch", json={"send": True}).json()
        # This workspace does not name the receiver's host, so the message waits.
        assert (len(told["fired"]), told["sent"]["waiting"]) == (1, 1)
        page = ana.see("/alerts")
        assert "1 message waits to be sent, 1 of them after an error." in page.source
        muted = ana.send("/alerts/1/mute", why="Quiet.", until="2999-01-01T08:00")
        assert "until Tue 1 Jan 2999" in muted.source
        marked = ana.send("/alerts/firings/1/mark", what="acted", why=HOSTILE)
        assert "1 fired: 1 acted on" in marked.source
        tested = ana.send("/alerts/test", channel="ops")
        assert (tested.status, "private network" in tested.source) == (400, True)
        retired = ana.send("/alerts/1/retire", why="Enough.")
        assert "Enough." in retired.source
        api = "".join(
            ana.asks.get(f"/api/v1/alerts{part}").text
            for part in ("", "/firings", "/outbox", "/scorecard", "/silences", "/1/replay")
        )
        audit = ana.see("/audit").source
        pages = "".join(one.source for one in (drafted, page, muted, marked, tested, retired))
        assert "<script>alert" not in pages
        assert HIDDEN not in pages + api + audit
        assert receiver.came == []


@pytest.mark.row("ALR-03")
def test_the_pages_own_form_drafts_a_rule_with_all_its_fields(own: Intake) -> None:
    """As a browser sends it: every field that stands in it, filled in or left as it is."""
    ana = Visit(own, everywhere("ana", "administrator"))
    channels(own.workspace.path, 'ops = "json://example.org/x"\n')
    form = form_to(ana.see("/alerts").source, "/alerts")
    typed = {"name": "By the form", "metric": "backlog", "above": "0", "why": "To see."}
    assert typed.keys() < form.fields.keys()
    drafted = ana.send("/alerts", **{**form.as_shown, **typed})
    assert (drafted.status, "The past year: By the form" in drafted.words) == (200, True)
    refused = ana.send("/alerts", **{**form.as_shown, **typed, "above": "many"})
    assert form_to(refused.source, "/alerts").fields["name"] == "By the form"
    assert "the dashed line is the limit, a diamond stands where" in drafted.words
    assert re.search(r'class="shown" href="[^"]*replay=[^"]*">Replay the past', drafted.source)
    assert "no channel yet" in drafted.words  # the form offers none first
    [path] = [
        each.action
        for each in forms(drafted.source)
        if "channel" in each.fields and each.action.endswith("/on")
    ]
    assert ana.send(path, why="Go.", channel="").status == 400
    begun = ana.send(path, why="Go.", channel="ops")
    assert (begun.status, "1 alert is on" in begun.source) == (200, True)
    ana.send(path.replace("/on", "/retire"), why="Enough.")


@pytest.mark.row("ALR-01")
def test_a_silence_from_its_form_to_its_end(own: Intake) -> None:
    """Kept with its reason and author, listed with what fired in it, ended early."""
    ana = Visit(own, everywhere("ana", "administrator"))
    assert ana.send("/alerts/silences", why="x").status == 400
    kept = ana.send("/alerts/silences", rule="0", until="2999-01-01T08:00", where="", why=HOSTILE)
    assert "Nothing fired in it." in kept.source
    assert "Every rule" in kept.source
    assert "<script>alert" not in kept.source
    over = ana.send("/alerts/silences/1/end", why="Done.")
    assert "Ended early" in over.source


def test_who_may_not_sees_no_form_and_why(own: Intake) -> None:
    """A viewer sees rules, and neither a form nor a button."""
    page = Visit(own, everywhere("vi", "viewer")).see("/alerts")
    assert page.status == 200
    assert "may not" in page.source
    assert not re.findall(r'action="/alerts', page.source)

"""`opsgauge alerts` and `opsgauge watch`: from a draft to what was told, with their exit codes."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsgauge.governance.signal_register import Noted
from opsgauge.operations.alerting import watching
from tests.alerts.receiver import Receiver, receiving
from tests.cli.conftest import Ran, Run
from tests.conftest import MAPPING, Intake
from tests.operations.alerting.conftest import LEVELS, channels, export


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """Return a receiver of web hooks."""
    with receiving() as one:
        yield one


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Intake]:
    """Return a desk with a channel."""
    settings = 'alerts_private_hosts = ["127.0.0.1"]\nalerts_retry = 0.001\n'
    intake = Intake(tmp_path_factory.mktemp("alerts"), settings)
    intake.takes(export(), mapping=MAPPING + "practice: incident\n")
    channels(intake.workspace.path, f'ops = "{receiver.url}"\n')
    yield intake
    intake.close()


@pytest.fixture
def ask(desk: Intake, opsgauge: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Return what runs a command in the desk."""
    monkeypatch.setattr(watching, "note_signals", lambda _: Noted(0))
    return lambda *words: opsgauge(*words, "--workspace", desk.workspace.path)


@pytest.mark.row("ALR-01")
@pytest.mark.row("ALR-03")
def test_from_a_draft_to_what_was_told(
    receiver: Receiver, ask: Callable[..., Ran], tmp_path: Path
) -> None:
    """Each command says what is so, and its exit code says it to scripts."""
    assert "There is no rule yet" in ask("alerts", "list").out
    asked = ("--metric", "tickets_opened", "--above", "10", "--lasting", "2", "--channel", "ops")
    named = ("threshold", "--name", "Many", "--why", "x", "--format", "json")
    made = ask("alerts", "add", *named, *asked).json
    assert (made["number"], made["state"], made["guard"]["lasting"]) == (1, "draft", 2)
    events = tmp_path / "events.csv"
    events.write_text("at\n2026-04-20\n")
    replayed = ask("alerts", "replay", "1", "--events", events).out
    assert "It would have fired once in 365 days; whether that meant anything" in replayed
    near = ask("alerts", "replay", "1", "--events", events, "--within", "1").out
    assert "It would have fired once in 365 days; 100" in near
    assert ask("watch", "--once").code == 0  # a draft looks at nothing
    assert [ask("alerts", "on", "1", "--why", "Go.").code for _ in range(2)] == [0, 2]
    receiver.status = 500
    unsent = ask("watch", "--once", "--no-send", "--format", "json")
    assert (unsent.code, unsent.json["sent"], receiver.came) == (1, None, [])
    down = ask("watch", "--once")
    assert (down.code, "answered 500" in down.out) == (3, True)
    assert "T0PS3CRET" not in down.out + down.err
    assert ask("alerts", "outbox").code == 1
    receiver.status = 200
    assert "1 message went out" in ask("watch", "--once").out
    assert ask("alerts", "outbox").code == 0
    assert len(receiver.taken) == 1


def test_what_is_done_about_rules_and_firings(receiver: Receiver, ask: Callable[..., Ran]) -> None:
    """Marked, muted, retired; how somebody gets messages; a test of a channel."""
    for words, code in (
        (("alerts", "firings"), 0),
        (("alerts", "mark", "1", "acted", "--why", "Done."), 0),
        (("alerts", "scorecard"), 0),
        (("alerts", "mute", "1", "--why", "Release.", "--until", "2999-01-01"), 0),
        (("alerts", "retire", "1", "--why", "Enough."), 0),
        (("alerts", "retire", "1", "--why", "Enough."), 2),
        (("alerts", "test", "ops"), 0),
        (("alerts", "test", "nosuch"), 2),
        (("alerts", "delivery", "channel ops", "--digest", "day"), 0),
        (("alerts", "delivery", "ana", "--zone", "Mars/Olympus"), 2),
        (("alerts", "delivery", "ana", "--calendar", "nosuch"), 2),
    ):
        ran = ask(*words)
        assert ran.code == code, (words, ran.out, ran.err)
    assert receiver.taken[-1].told["subject"] == "Opsgauge: a test"


def test_watch_of_an_empty_workspace_says_so(intake: Intake, opsgauge: Run) -> None:
    """Nothing is wrong, and nothing was found."""
    ran = opsgauge("watch", "--once", "--workspace", intake.workspace.path)
    assert ran.code == 0
    assert "Nothing is imported yet." in ran.out


def guide(part: str) -> str:
    """Return the first block of code in a part of the guide."""
    text = (Path(__file__).parents[2] / "docs" / "guides" / "alerts.md").read_text()
    return text.split(f"## {part}\n")[1].split("```")[1].partition("\n")[2]


@pytest.mark.row("ALR-01")
def test_the_guides_examples_run_as_written(desk: Intake, ask: Callable[..., Ran]) -> None:
    """The first before there is any channel; the rest with the guide's own."""
    path = desk.workspace.path
    kept = (path / "channels.toml").read_text()
    lines = guide("Draft a rule").replace("\\\n", " ").splitlines()
    (path / "channels.toml").write_text("")
    for place, line in enumerate(lines):
        words = shlex.split(line)
        assert words[:3] == ["opsgauge", "alerts", "add"]
        ran = ask(*words[1:])
        assert (ran.code, "is drafted" in ran.out) == (0, True), (line, ran.err)
        if not place:
            number = ran.out.split()[1].strip(",")
            (path / "channels.toml").write_text(guide("Say through what messages go"))
    assert ask("alerts", "on", number, "--why", "Go.").code == 2
    assert ask("alerts", "on", number, "--why", "Go.", "--channel", "mail").code == 0
    assert ask("alerts", "retire", number, "--why", "Done.").code == 0
    (path / "channels.toml").write_text(kept)
    assert len(lines) == 3


@pytest.mark.row("ALR-01")
def test_the_list_says_limits_with_their_unit(ask: Callable[..., Ran]) -> None:
    """As the page does: hours, percent; of a count none."""
    named = ("--name", "Unit", "--why", "x", "--format", "csv")
    for metric, above, told in (
        ("time_to_resolve", "48", "above 48.0 h"),
        ("reopened_share", "20%", "above 20"),
        ("backlog", "48", "above 48,"),
    ):
        made = ask("alerts", "add", "threshold", *named, "--metric", metric, "--above", above)
        assert told in made.out
    listed = " ".join(ask("alerts", "list").out.split())
    assert "above 48.0 h" in listed
    assert "%" in listed


@pytest.mark.row("ALR-03")
def test_a_replay_of_clocks_says_when_each_was_decided_and_what_is_cut(
    desk: Intake, ask: Callable[..., Ran]
) -> None:
    """No end of its own beside "kept" or "broke", and how many came before those shown."""
    (desk.workspace.path / "service_levels" / "levels.yaml").write_text(LEVELS)
    named = ("sla_risk", "--name", "Risk", "--why", "x", "--channel", "ops", "--format", "json")
    made = str(ask("alerts", "add", *named, "--hours", "4").json["number"])
    ran = ask("alerts", "replay", made)
    count = ask("alerts", "replay", made, "--format", "json").json["count"]
    lines = ran.out.splitlines()
    assert lines[1].split() == ["Decided", "(UTC)", "What"]
    assert "still" not in ran.out
    assert f"And {count - 100} before these." in lines
    assert count > 100


@pytest.mark.row("ALR-01")
def test_a_forecast_is_drafted_and_a_silence_kept_and_ended(ask: Callable[..., Ran]) -> None:
    """Each as people write it; a silence without an end is refused."""
    named = ("forecast", "--name", "Soon", "--why", "x", "--channel", "ops", "--format", "json")
    asked = ("--metric", "tickets_opened", "--above", "40", "--ahead", "4", "--sure", "70%")
    made = ask("alerts", "add", *named, *asked, "--escalate", "2h: via ops").json
    assert (made["guard"]["ahead"], made["guard"]["sure"]) == (4, 0.7)
    assert made["escalation"] == [{"minutes": 120.0, "to": "", "channel": "ops"}]
    assert ask("alerts", "silence", "--until", "", "--why", "x").code == 2
    rule = str(made["number"])
    kept = ask("alerts", "silence", "--until", "2999-01-01", "--rule", rule, "--why", "The move.")
    assert kept.out.startswith("Silence 1 is kept, until 2999-01-01 00:00 (UTC).")
    [one] = ask("alerts", "silences", "--format", "json").json["silences"]
    assert (one["state"], one["rule"], one["firings"]) == ("on", made["number"], [])
    assert "The move." in ask("alerts", "silences").out
    assert ask("alerts", "unsilence", "1", "--why", "Done.").code == 0
    assert ask("alerts", "unsilence", "1", "--why", "Done.").code == 2

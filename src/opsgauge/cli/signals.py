"""The verb about signals: noted, listed, decided about; and what follows when a metric slips.

Floor 7.
"""

from typing import Annotated, Any

import typer

from opsgauge.cli.exits import Exit
from opsgauge.cli.moments import moment, zoned
from opsgauge.cli.options import Format, Where, WorkspaceDir, context
from opsgauge.cli.printing import Form, print_csv, print_json, print_table, say, told
from opsgauge.foundation.agreed import Rules
from opsgauge.governance.protocols import OWNER, PERSON, ROLE, Protocol
from opsgauge.governance.signals import PAST, STEPS, Signal
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations import signal_acts as acts
from opsgauge.operations.asking import conditions, written
from opsgauge.operations.context import Context
from opsgauge.operations.how_it_stands import standings, summary
from opsgauge.operations.protocols import end_protocol, protocol_list, set_protocol
from opsgauge.operations.signals import Line, inbox, note_signals, signal

Metric = Annotated[str, typer.Argument(help="Name in the catalogue, e.g. time_to_resolve.")]
OfMetric = Annotated[str | None, typer.Option("--metric", help="Only those of this metric.")]
Everything = Annotated[
    bool, typer.Option("--all", help="Also what is decided, and notices that are over.")
]
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="Its number, as the list tells it.")
]
Cause = Annotated[str, typer.Option("--cause", help="What was found; the audit keeps it.")]
Why = Annotated[str, typer.Option("--why", help="The reason; the audit keeps it.")]
Event = Annotated[str, typer.Option("--event", help="What changed the process.")]
At = Annotated[
    str, typer.Option("--at", help="First period of the new normal; else where the signal began.")
]
Owner = Annotated[str, typer.Option("--owner", help="Who is to see to it.")]
Due = Annotated[str, typer.Option("--due", help="By when: 2026-06-30.")]
Remark = Annotated[str, typer.Argument(help="What is to be remembered.")]
What = Annotated[str, typer.Argument(help="What is to be done, as an order.")]
Person = Annotated[str, typer.Option("--person", help="Who responds, by name.")]
Role = Annotated[str, typer.Option("--role", help="Who responds, by role: 'process owner'.")]
Days = Annotated[
    int, typer.Option("--within", help="Working days to respond in; 0: the same working day.")
]
CalendarName = Annotated[
    str, typer.Option("--calendar", help="The calendar whose working days count.")
]


def add_to(app: typer.Typer) -> None:
    """Add this verb to the program."""
    signals = typer.Typer(
        help="Signals: note, list, show, states, dismiss, rebase, undo, assign, done, remark, "
        "protocol."
    )
    signals.callback(invoke_without_command=True)(_signals)
    for name, command in (
        ("list", list_),
        ("show", show),
        ("note", note),
        ("states", states),
        ("dismiss", dismiss),
        ("rebase", rebase),
        ("undo", undo),
        ("assign", assign),
        ("done", done),
        ("remark", remark),
    ):
        signals.command(name)(command)
    protocol = typer.Typer(
        help="What follows when a metric slips: list, set, end.", no_args_is_help=True
    )
    protocol.command("list")(list_protocols)
    protocol.command("set")(set_one)
    protocol.command("end")(end_one)
    signals.add_typer(protocol, name="protocol")
    app.add_typer(signals, name="signals")


def _signals(called: typer.Context) -> int | None:
    """List signals, or do with them what the verb behind says."""
    return list_() if called.invoked_subcommand is None else None


def list_(
    metric: OfMetric = None,
    everything: Everything = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> int:
    """List what is open, in the order in which to see to it. Exits 1 where one is overdue."""
    found = inbox(context(workspace), metric)
    shown = [each for each in found.lines if everything or each.signal.place != PAST]
    answer = {**found.as_json(), "signals": [each.as_json() for each in shown]}
    if not told(form, answer, [_flat(each) for each in shown]):
        say(f"{found.sentence()}.")
        if found.noted is None:
            say("opsgauge signals note looks for them.")
        elif found.newest and found.noted[0] < found.newest:
            say(f"Data version {found.newest} was not looked at yet: opsgauge signals note.")
        rows = [_row(each) for each in shown]
        if rows:
            print_table(["No.", "State", "Metric", "Of", "What it says", "Who", "Due"], rows)
    return Exit.SIGNAL if found.overdue else Exit.OK


def show(number: Number, workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Show one signal with everything that happened to it. Exits 1 where it is overdue."""
    ctx = context(workspace)
    found = signal(ctx, number)
    if form is Form.JSON:
        print_json(found.as_json())
    elif form is Form.CSV:
        print_csv([{**each, "told": str(each["told"])} for each in found.as_json()["history"]])
    else:
        say(f"Signal {number}, {_state(found)}: {found.title}, {_of(found.signal)}.")
        if found.sentence:
            say(found.sentence)
        heads = [zoned("When", ctx), "By", "What happened", "Data version", "Why"]
        print_table(heads, [_step(each, ctx) for each in found.as_json()["history"]])
    return Exit.SIGNAL if found.overdue else Exit.OK


def note(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> int:
    """Look at the newest whole periods, and keep what they show; twice adds nothing.

    Exits 1 where something is new.
    """
    found = note_signals(context(workspace))
    if not told(form, found.as_json(), [found.as_json()]):
        if found.late:
            say("A newer data version was looked at before: nothing was written.")
        else:
            say(
                f"Data version {found.data_version}: {len(found.new)} new, "
                f"{len(found.gone_on)} go on, {len(found.ended)} ended, "
                f"{len(found.started)} responses began."
            )
    return Exit.SIGNAL if found.new else Exit.OK


def states(workspace: WorkspaceDir = None, form: Format = Form.TABLE) -> None:
    """Say of each metric that is watched whether it is healthy, drifting or needs attention."""
    found = standings(context(workspace))
    lines = [each.as_json() for each in found]
    flat = [{**each, "where": "; ".join(each["where"])} for each in lines]
    if told(form, {"sentence": summary(found), "metrics": lines}, flat):
        return
    say(f"{summary(found)}.")
    print_table(
        ["State", "Metric", "Rule that says so"],
        [[str(each.health.stand), each.title, each.health.rule] for each in found],
    )


def dismiss(
    number: Number, cause: Cause, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Dismiss a signal whose cause was found; it still counts in runs."""
    ctx = context(workspace)
    _print_one(ctx, acts.dismiss(ctx, number, cause), form)


def rebase(
    number: Number,
    event: Event,
    why: Why,
    at: At = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Let the chart of a signal begin anew, since the change is lasting."""
    ctx = context(workspace)
    _print_one(ctx, acts.rebase_signal(ctx, number, event, why, at), form)


def undo(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Take back what was decided about a signal, which is open again."""
    ctx = context(workspace)
    _print_one(ctx, acts.undo(ctx, number, why), form)


def assign(
    number: Number,
    owner: Owner = "",
    due: Due = "",
    why: Why = "",
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Give a signal to somebody, or a day by which it is to be done, or both."""
    ctx = context(workspace)
    _print_one(ctx, acts.assign(ctx, number, owner, due, why), form)


def done(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Say that what was to be done is done; the signal stays open until it is decided."""
    ctx = context(workspace)
    _print_one(ctx, acts.finish(ctx, number, why), form)


def remark(
    number: Number, text: Remark, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """Write something down beside a signal."""
    ctx = context(workspace)
    _print_one(ctx, acts.write_down(ctx, number, text), form)


def list_protocols(
    metric: OfMetric = None,
    everything: Everything = False,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """List what follows when a metric slips: who does what, within how many working days."""
    ctx = context(workspace)
    found = protocol_list(ctx, metric, ended=everything)
    lines = [each.as_json() for each in found]
    flat = [{**each.as_json(), "segment": _segment(each.segment)} for each in found]
    if told(form, {"protocols": lines}, flat):
        return
    if not found:
        say("No response protocol is set.")
        return
    heads = ["No.", "Metric", "Of", "Who", "What", "Within", "By", zoned("Ended", ctx)]
    print_table(
        heads,
        [
            [
                str(each.number),
                each.metric,
                _segment(each.segment) or "all tickets",
                each.name or each.who,
                each.what,
                f"{each.days} days of {each.calendar}",
                each.made_by,
                moment(each.ended_at, ctx) or "stands",
            ]
            for each in found
        ],
    )


def set_one(
    metric: Metric,
    what: What,
    days: Days,
    why: Why,
    where: Where = None,
    person: Person = "",
    role: Role = "",
    calendar: CalendarName = ALWAYS,
    workspace: WorkspaceDir = None,
    form: Format = Form.TABLE,
) -> None:
    """Say what follows when a metric slips; the owner responds where nobody else is named."""
    who = PERSON if person else ROLE if role else OWNER
    segment = conditions(where or ())
    wanted = Protocol(metric, segment, who, person or role, what, days, calendar, why)
    _print_protocol(set_protocol(context(workspace), wanted), "stands", form)


def end_one(
    number: Number, why: Why, workspace: WorkspaceDir = None, form: Format = Form.TABLE
) -> None:
    """End a protocol without another in its place."""
    _print_protocol(end_protocol(context(workspace), number, why), "has ended", form)


def _print_protocol(protocol: Protocol, has: str, form: Form) -> None:
    plain = protocol.as_json()
    if told(form, plain, [plain | {"segment": _segment(protocol.segment)}]):
        return
    who = protocol.name or protocol.who
    days = f"within {protocol.days} working days of {protocol.calendar}"
    say(f"Protocol {protocol.number} {has}: {protocol.metric}, {who}, {days}: {protocol.what}")


def _print_one(ctx: Context, kept: Signal, form: Form) -> None:
    line = signal(ctx, kept.number)
    if not told(form, line.as_json(), [_flat(line)]):
        due = f", due {kept.due}" if kept.due and not kept.done else ""
        who = f", {line.owner}" if line.owner else ""
        say(f"Signal {kept.number} is {_is(kept)}: {line.title}, {_of(kept)}{who}{due}.")


def _is(kept: Signal) -> str:
    words = kept.state_words
    return f"a {words}" if kept.is_notice and kept.is_open else words


def _row(line: Line) -> list[str]:
    kept = line.signal
    return [
        str(kept.number),
        _state(line),
        line.title,
        _of(kept),
        line.sentence or "withheld",
        line.owner or "nobody",
        str(kept.due) if kept.due and not kept.done else "",
    ]


def _state(line: Line) -> str:
    kept, words = line.signal, []
    words.append("overdue" if line.overdue else kept.state_words)
    if kept.quiet_since:
        words.append(f"quiet since {kept.quiet_since}")
    if kept.gone:
        words.append(f"no longer there after data version {kept.gone.data_version}")
    return ", ".join(words)


def _of(kept: Signal) -> str:
    return f"{kept.series.statistic} by {kept.series.period}, " + (
        _segment(kept.series.segment) or "all tickets"
    )


def _segment(segment: Rules) -> str:
    return "; ".join(written(each) for each in segment)


def _step(step: dict[str, Any], ctx: Context) -> list[str]:
    told_ = {name: value for name, value in step["told"].items() if value not in (None, "", [])}
    seen = told_.get("words") or ", ".join(f"{name} {value}" for name, value in told_.items())
    what = STEPS[step["kind"]]
    return [
        moment(step["made_at"], ctx),
        step["made_by"],
        f"{what}: {seen}" if seen else what,
        str(step["data_version"] or ""),
        step["why"],
    ]


def _flat(line: Line) -> dict[str, Any]:
    """Return a signal as a line, without its history."""
    plain = line.as_json()
    seen = plain.pop("seen")
    gone = ("history", "response", "segment", "suspect")
    kept = {name: value for name, value in plain.items() if name not in gone}
    names = ("period", "since", "verdict", "value", "lower", "upper", "n")
    return kept | {
        "segment": _segment(line.signal.series.segment),
        "suspect": "; ".join(line.suspect),
        **{f"seen_{name}": seen[name] for name in names},
        "rules": "; ".join(seen["rules"]),
    }

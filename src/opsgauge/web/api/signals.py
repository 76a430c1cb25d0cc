"""The routes of the API about signals, what becomes of them, and response protocols.

Floor 6. A body is checked for form and length here, and for its meaning by the operation it asks.
"""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from opsgauge.governance.protocols import MOST_DAYS, OWNER, Protocol
from opsgauge.governance.register import LONGEST_REASON
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations import signal_acts as acts
from opsgauge.operations.asking import conditions
from opsgauge.operations.how_it_stands import standings, summary
from opsgauge.operations.metric_load import metric_load
from opsgauge.operations.protocols import end_protocol, protocol_list, set_protocol
from opsgauge.operations.signals import inbox, note_signals, signal
from opsgauge.web.api.agreed import Body, Conditions, Name, OfMetric, Reason, Text, Why
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, Newest, Number

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]


class Cause(Body):
    """The cause of a signal, which the audit keeps."""

    cause: Reason


class Lasting(Body):
    """What changed the process for good, and from which period on."""

    event: Text
    why: Reason
    at: Annotated[Name, Field(description="A period; else that in which the signal began.")] = ""


class Given(Body):
    """To whom a signal is given, and by when it is to be done; one of them or both."""

    owner: Text = ""
    due: Annotated[Name, Field(description="An ISO date.")] = ""
    why: Annotated[str, Field(max_length=LONGEST_REASON)] = ""


class Remark(Body):
    """What is written down beside a signal."""

    text: Reason


class NewProtocol(Body):
    """What is to follow when a metric slips."""

    metric: Name
    where: Conditions = Field(default_factory=list)
    who: Annotated[Name, Field(description="owner, role or person.")] = OWNER
    name: Annotated[Text, Field(description="Of the role or the person.")] = ""
    what: Reason
    days: Annotated[int, Field(ge=0, le=MOST_DAYS, description="Working days.")]
    calendar: Name = ALWAYS
    why: Reason


@router.get("/signals", tags=["pages"])
def read_signals(ctx: Ctx, metric: OfMetric = None) -> Json:
    """Return every signal with its history, in the order in which to see to them."""
    return inbox(ctx, metric).as_json()


@router.post("/signals/note", tags=["signals"])
def note(ctx: Newest) -> Json:
    """Look at the newest whole periods, and keep what they show; twice adds nothing."""
    return note_signals(ctx).as_json()


@router.get("/signals/states", tags=["signals"])
def read_states(ctx: Ctx) -> Json:
    """Return of each metric that is watched whether it is healthy, drifting or needs attention."""
    found = standings(ctx)
    return {"sentence": summary(found), "metrics": [each.as_json() for each in found]}


@router.get("/signals/{number}", tags=["signals"])
def read_signal(number: Number, ctx: Ctx) -> Json:
    """Return one signal with everything that happened to it."""
    return signal(ctx, number).as_json()


@router.post("/signals/{number}/dismiss", tags=["signals"])
def dismiss(number: Number, body: Cause, ctx: Newest) -> Json:
    """Dismiss a signal whose cause was found; it still counts in runs."""
    return signal(ctx, acts.dismiss(ctx, number, body.cause).number).as_json()


@router.post("/signals/{number}/rebase", tags=["signals"])
def rebase(number: Number, body: Lasting, ctx: Newest) -> Json:
    """Let the chart of a signal begin anew, since the change is lasting."""
    kept = acts.rebase_signal(ctx, number, body.event, body.why, body.at)
    return signal(ctx, kept.number).as_json()


@router.post("/signals/{number}/undo", tags=["signals"])
def undo(number: Number, body: Why, ctx: Newest) -> Json:
    """Take back what was decided about a signal, which is open again."""
    return signal(ctx, acts.undo(ctx, number, body.why).number).as_json()


@router.post("/signals/{number}/assign", tags=["signals"])
def assign(number: Number, body: Given, ctx: Newest) -> Json:
    """Give a signal to somebody, or a day by which it is to be done, or both."""
    kept = acts.assign(ctx, number, body.owner, body.due, body.why)
    return signal(ctx, kept.number).as_json()


@router.post("/signals/{number}/done", tags=["signals"])
def finish(number: Number, body: Why, ctx: Newest) -> Json:
    """Say that what was to be done is done; the signal stays open until it is decided."""
    return signal(ctx, acts.finish(ctx, number, body.why).number).as_json()


@router.post("/signals/{number}/remark", tags=["signals"])
def remark(number: Number, body: Remark, ctx: Newest) -> Json:
    """Write something down beside a signal."""
    return signal(ctx, acts.write_down(ctx, number, body.text).number).as_json()


@router.get("/protocols", tags=["signals"])
def read_protocols(ctx: Ctx, metric: OfMetric = None) -> Json:
    """Return the response protocols that stand."""
    return {"protocols": [each.as_json() for each in protocol_list(ctx, metric)]}


@router.post("/protocols", tags=["signals"], status_code=201)
def make_protocol(wanted: NewProtocol, ctx: Newest) -> Json:
    """Say what follows when a metric slips; one of the same metric and tickets ends."""
    made = Protocol(
        metric=wanted.metric,
        segment=conditions(wanted.where),
        who=wanted.who,
        name=wanted.name,
        what=wanted.what,
        days=wanted.days,
        calendar=wanted.calendar,
        why=wanted.why,
    )
    return set_protocol(ctx, made).as_json()


@router.post("/protocols/{number}/end", tags=["signals"])
def finish_protocol(number: Number, body: Why, ctx: Newest) -> Json:
    """End a protocol without another in its place."""
    return end_protocol(ctx, number, body.why).as_json()


@router.get("/owners/load", tags=["agreed"])
def read_load(ctx: Ctx) -> Json:
    """Return how many metrics each owner and team answers for, and who has too many."""
    return {"load": [each.as_json() for each in metric_load(ctx)]}

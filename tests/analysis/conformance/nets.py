"""Small models, written by their flows."""

from opsgauge.analysis.conformance.bpmn import MODEL, Net, read_bpmn

KINDS = {"+": "parallelGateway", "x": "exclusiveGateway", "(": "startEvent", ")": "endEvent"}


def bpmn(*ways: str, extra: str = "") -> str:
    """Return a model: "( A B x1 C )" is a way; +1 and x1 are gateways, (1 and )1 events."""
    names = dict.fromkeys(name for way in ways for name in way.split())
    nodes = "".join(
        f'<{KINDS.get(name[0], "task")} id="n{place}" name="{name}"/>\n'
        for place, name in enumerate(names)
    )
    ids = {name: f"n{place}" for place, name in enumerate(names)}
    flows = "".join(
        f'<sequenceFlow id="f{way}-{place}" sourceRef="{ids[one]}" targetRef="{ids[other]}"/>\n'
        for way, told in enumerate(ways)
        for place, (one, other) in enumerate(zip(told.split(), told.split()[1:], strict=False))
    )
    return (
        f'<?xml version="1.0"?>\n<definitions xmlns="{MODEL}"><process id="p">\n'
        f"{nodes}{flows}{extra}</process></definitions>"
    )


def net(*ways: str) -> Net:
    """Return the net of such a model."""
    return read_bpmn(bpmn(*ways).encode(), "models/m.bpmn")


IN_TURN = ("( A B C )",)
AT_ONCE = ("( A +1 B +2 D )", "+1 C +2")
EITHER = ("( A x1 B x2 D )", "x1 C x2")
AGAIN = ("( A x1 B x2 C )", "x2 x1")

"""Models are read whole, or refused with the line that is wrong, whatever the file does."""

import pytest

from opsgauge.analysis.conformance.bpmn import DEEPEST, LARGEST, MODEL, Transition, read_bpmn
from opsgauge.foundation.errors import ModelWrong
from tests.analysis.conformance.nets import AT_ONCE, EITHER, bpmn, net

GOOD = bpmn("( A )")
BOMB = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<definitions>&c;</definitions>"""
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><definitions>&a;</definitions>'


@pytest.mark.row("CON-02")
def test_a_parallel_gateway_takes_from_all_and_an_exclusive_one_from_any() -> None:
    """And a task with two ways into it from either."""
    both, either = net(*AT_ONCE), net(*EITHER)

    assert both.tasks == ("A", "B", "D", "C")
    silent = [each for each in both.transitions if each.task is None]
    assert sorted((len(each.takes), len(each.puts)) for each in silent) == [
        *((1, 1), (1, 1), (1, 2), (2, 1)),  # start, end, split, join
    ]
    assert all(len(each.takes) == len(each.puts) == 1 for each in either.transitions)
    assert Transition("A", (0,), (1,)) in both.transitions


@pytest.mark.row("CON-02")
def test_what_says_nothing_about_order_is_passed_over() -> None:
    """Lanes, pictures, data, notes and other vocabularies."""
    extra = (
        '<laneSet><lane id="l"><flowNodeRef>n1</flowNodeRef></lane></laneSet>'
        '<dataObject id="d"/><textAnnotation id="t"><text>why</text></textAnnotation>'
        '<x:subProcess xmlns:x="urn:other" id="s"/>'
    )
    made = read_bpmn(bpmn("( A )", extra=extra).encode(), "m")

    assert made.tasks == ("A",)
    assert read_bpmn(GOOD.encode("utf-16"), "m").tasks == ("A",)


@pytest.mark.row("CON-02")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "models/m.bpmn: it is no XML"),
        ("no xml", "it is no XML"),
        (GOOD[:-20], "it is no XML"),
        (BOMB, "line 2: it declares a document type"),
        (OUTSIDE, "line 1: it declares a document type"),
        ("<definitions/>", "it is no BPMN 2.0 model"),
        (f'<process xmlns="{MODEL}"/>', "it is no BPMN 2.0 model"),
        (f'<definitions xmlns="{MODEL}"/>', "it has no start event"),
        (bpmn("( A )").replace("endEvent", "intermediateThrowEvent"), "it has no end event"),
        (bpmn("( )"), "it has no task"),
        (bpmn("( A )", extra='<subProcess id="s"/>'), "line 8: sub-processes are not read"),
        (bpmn("( A )", extra='<inclusiveGateway id="s"/>'), "line 8: inclusive gateways"),
        (bpmn("( A )", extra='<boundaryEvent id="s"/>'), "line 8: boundary events"),
        (bpmn("( A )", extra='<task id="n0" name="B"/>'), "line 8: the id 'n0' is given twice"),
        (bpmn("( A )", extra='<task id="s" name=" "/>'), "line 8: the task 's' has no name"),
        (bpmn("( A )", extra='<task name="B"/>'), "line 8: this task has no id"),
        (bpmn("( A )", extra='<task id="s" name="B"/>'), "line 8: no way leads from a start event"
         " to 'B'"),
        (bpmn("( A )", "A B"), "no way leads from 'B' to an end event"),
        (bpmn("( A )", "A ("), "a sequence flow leads into a start event"),
        (bpmn("( A )", ") A"), "a sequence flow leads out of an end event"),
        (bpmn("( A )", extra='<sequenceFlow id="s" sourceRef="n0"/>'), "line 8: a sequence flow "
         "needs sourceRef and targetRef"),
        (bpmn("( A )", extra='<sequenceFlow id="s" sourceRef="n0" targetRef="q"/>'),
         "line 8: a sequence flow leads to or from 'q', which is not there"),
        (bpmn("( A )").replace("</definitions>", '<process id="q"><startEvent id="z"/></process>'
         "</definitions>"), "it holds several processes"),
        (bpmn("( A )", extra="<documentation>" * DEEPEST + "</documentation>" * DEEPEST),
         "it is nested more than 100 deep"),
        (bpmn("( A )", extra="".join(f'<task id="t{n}" name="t"/>' for n in range(1001))),
         "it has more than 1,000 tasks"),
        (" " * LARGEST + GOOD, "it is too large for a model"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(text: str, told: str) -> None:
    """No entity is expanded and no other file is opened."""
    with pytest.raises(ModelWrong) as wrong:
        read_bpmn(text.encode(), "models/m.bpmn")

    assert str(wrong.value).startswith("models/m.bpmn")
    assert told in str(wrong.value)

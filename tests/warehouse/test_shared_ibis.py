"""Ibis in several threads at once: what it remembers of comparisons stays right."""

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from ibis.common.grounds import Concrete

from opsgauge.warehouse import shared_ibis


class Word(Concrete):
    """Something that Ibis compares."""

    text: str


@pytest.fixture
def hurried() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_compare_one_thing_leave_nothing_behind(
    hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Ibis has it, some twenty entries of things long gone stay here, and answer for others."""
    lost: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: lost.append(repr(told.exc_value)))
    shared = Word("shared")
    mine = id(shared)
    wrong: list[str] = []

    def compare() -> None:
        for _ in range(4_000):
            if Word("other") == shared:
                wrong.append("others are the same")
            if Word("shared") != shared:
                wrong.append("the same are others")

    threads = [threading.Thread(target=compare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert lost == []
    gc.collect()
    with shared_ibis.TURN:  # threads of other tests may still compile
        left = [each for each, others in shared_ibis.known.items() if mine in (each, *others)]
    assert left == []


def test_what_is_gone_is_forgotten() -> None:
    """By both sides, whichever goes first."""
    one, two, three = Word("one"), Word("one"), Word("three")
    assert one == two
    assert one != three
    mine = id(one)
    assert set(shared_ibis.known[mine]) == {id(two), id(three)}
    del two
    assert set(shared_ibis.known[mine]) == {id(three)}
    del one
    assert mine not in shared_ibis.known
    assert id(three) not in shared_ibis.known

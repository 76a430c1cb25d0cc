"""Columns of the exports."""

import numpy as np

from opsgauge.sources.tools.demo.beside.scene import at, ids, seconds, texts, yes_no


def test_columns_say_nothing_where_nothing_is_known() -> None:
    """Numbers, flags and moments; ids are of one length."""
    known = np.array([True, False])
    assert ids("APR", 2).to_pylist() == ["APR0000001", "APR0000002"]
    assert yes_no(known).to_pylist() == ["true", "false"]
    assert yes_no(known, known).to_pylist() == ["true", None]
    assert seconds(np.array([1.4, 2.0]), known).to_pylist() == [1, None]
    assert [m is None for m in at(np.array([0, -1])).to_pylist()] == [False, True]
    assert texts(["a"]).to_pylist() == ["a"]

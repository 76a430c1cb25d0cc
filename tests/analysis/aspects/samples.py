"""Groups of values, as the engine would count them."""

from collections.abc import Mapping, Sequence
from math import log
from statistics import fmean, variance
from typing import Any

from opsgauge.analysis.aspects.groups import Group


def group(type_: str, name: str, values: Sequence[float]) -> Group:
    """Return a group of values."""
    values = [float(value) for value in values]
    logs = [log(value) for value in values]
    spread = [variance(each) if len(values) > 1 else 0.0 for each in (values, logs)]
    return Group(type_, name, len(values), fmean(values), spread[0], fmean(logs), spread[1])


def groups(said: Mapping[tuple[str, str], Any]) -> tuple[Group, ...]:
    """Return groups by type and name."""
    return tuple(group(type_, name, values) for (type_, name), values in said.items())

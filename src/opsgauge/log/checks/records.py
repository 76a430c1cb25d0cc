"""What the checks look at: the tables of one data version, and the receipts of what came in.

Floor 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from opsgauge.log.door import LogTables
from opsgauge.log.periods import Periods
from opsgauge.warehouse.engine import Engine

UPDATES_FROM = 1  # the first `seq` that is an update; the interval before it is none


def numbers(rows: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """Return a column of whole numbers, of a table of a few thousand rows."""
    # Arrow's own `to_numpy` loads pandas, which takes longer than the checks.
    return np.array(rows[name].to_pylist(), np.int64)


@dataclass(frozen=True)
class Receipt:
    """One file received; see the table `receipts`."""

    import_id: str
    source: str
    received_at: datetime
    read: int
    duplicate: int
    latest: datetime | None
    mapping: str
    unmapped: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Refused:
    """How many records could not be used, and the first few of them in words."""

    count: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Records:
    """One data version, as the checks see it.

    Attributes
    ----------
    watermark : the latest recorded update, aware
    now : when the checks are made, aware
    beside : the tables of records beside tickets that hold any
    """

    engine: Engine
    tables: LogTables
    periods: Periods
    watermark: datetime
    now: datetime
    receipts: tuple[Receipt, ...] = ()
    refused: Refused = field(default_factory=Refused)
    beside: frozenset[str] = frozenset()

    def table(self, expression: ir.Table) -> pa.Table:
        """Run a query; sums of whole numbers, which engines widen, are whole numbers again."""
        found = self.engine.run(expression)
        fields = [
            field.with_type(pa.int64()) if pa.types.is_decimal(field.type) else field
            for field in found.schema
        ]
        return found.cast(pa.schema(fields))

    def rows(self, expression: ir.Table) -> list[dict[str, Any]]:
        """Run a query whose answer is small."""
        found: list[dict[str, Any]] = self.table(expression).to_pylist()
        return found

    @property
    def updates(self) -> ir.Table:
        """History without the intervals before the first update."""
        history = self.tables.history
        return history.filter(history.seq >= UPDATES_FROM)

    @cached_property
    def received(self) -> Mapping[str, datetime]:
        """When each source was received last."""
        last: dict[str, datetime] = {}
        for receipt in self.receipts:
            known = last.get(receipt.source)
            last[receipt.source] = max(known or receipt.received_at, receipt.received_at)
        return last

"""The tables of what people leave for each other: notes on process maps, and saved filters.

Floor 4. Instants are text as in the audit. A note's words may be changed; the audit keeps what they
were before.
"""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from opsgauge.governance.decision_tables import DecisionRow
from opsgauge.governance.people_tables import INSTANT


class MapNoteRow(DecisionRow):
    """A note on a step of the map by `steps`, or, with `then`, on the way from it to another."""

    __tablename__ = "map_notes"

    steps: Mapped[str] = mapped_column(Text)
    step: Mapped[str] = mapped_column(Text)
    then: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[str | None] = mapped_column(INSTANT)

    __table_args__ = (Index("ix_map_notes_steps", "steps"),)


class SavedFilterRow(DecisionRow):
    """A filter under a name: the page it was saved from, and its parameters as an address."""

    __tablename__ = "saved_filters"

    name: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    page: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)

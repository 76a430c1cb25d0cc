"""A metric of the catalogue: its name, its paragraph, and the metrics it is made of.

Floor 3. What a paragraph may say is in `definition.py`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.periods import GRAINS
from opsgauge.metrics.paragraph import Paragraph
from opsgauge.metrics.subject import Subject

BUILT_IN = "built-in"


@dataclass(frozen=True)
class Metric:
    """A metric: its name, its paragraph, and the file of the catalogue that holds it."""

    name: str
    practice: str  # the chapter: name of its file, such as "incident" or "service_desk"
    definition: Paragraph
    origin: str = BUILT_IN  # or the file of the user's own folder
    parts: tuple["Metric", ...] = ()  # the metrics it is made of, in the order it names them

    @cached_property
    def definition_hash(self) -> str:
        """Fingerprint of the paragraph: another number or another word, another hash.

        A metric made of others changes with them.
        """
        said = self.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        content = {"name": self.name, **said, "made_of": [p.definition_hash for p in self.parts]}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def kind(self) -> str:
        """Its kind, a key of `definition.KINDS`."""
        return str(getattr(self.definition, "kind", ""))

    @property
    def subject(self) -> Subject:
        """The table whose records are listed behind it."""
        return self.parts[-1].subject if self.parts else self.definition.subject

    def reads(self, table: str) -> bool:
        """Say whether it, or a metric it is made of, counts the records of a table."""
        own = self.definition.subject.name == table
        return own or any(part.reads(table) for part in self.parts)

    @property
    def statistics(self) -> Sequence[str]:
        """The statistics it has, the default first."""
        return self.definition.all_statistics

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns it stands on; those of other tables than `tickets` as `table.column`."""
        own, subject = self.definition.columns(), self.definition.subject
        named = own if subject.is_tickets else [f"{subject.name}.{name}" for name in own]
        of_parts = [name for part in self.parts for name in part.columns]
        return tuple(dict.fromkeys([*named, *of_parts]))

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """What it may be split by: for a metric made of others, what all of them may."""
        if not self.parts:
            return self.definition.subject.dimensions
        first, *others = [part.dimensions for part in self.parts]
        return tuple(name for name in first if all(name in other for other in others))

    def may_split(self, name: str) -> bool:
        """Say whether its records, or the tickets they name, have a dimension."""
        return name in self.dimensions or (
            name.startswith(ATTRIBUTE_PREFIX) and "practice" in self.dimensions
        )

    @property
    def finest(self) -> str:
        """The shortest period for which its records say something."""
        return self.definition.finest

    @property
    def grains(self) -> tuple[str, ...]:
        """The periods by which it can be asked."""
        return GRAINS[GRAINS.index(self.finest) :]

    @property
    def state(self) -> str:
        """`kpi` where a decision hangs on it and it may be used, else `raw`: nobody's goal."""
        decided = self.definition.decision and self.definition.lifecycle == "certified"
        return "kpi" if decided else "raw"

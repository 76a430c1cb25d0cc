"""What a process map says of a step or a way in the place of its numbers.

Floor 5, drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from opsgauge.operations.drawing.map_choice import Place


@dataclass(frozen=True)
class Mark:
    """What is said of a step or a way in the place of its numbers.

    Attributes
    ----------
    words : beside it; empty for nothing
    tone : class of its looks: "more", "less", "slower", "faster", or "" for nothing told
    """

    words: str
    tone: str = ""


Marks = Mapping[tuple[Place, ...], Mark]  # by a step, or by a way's two
UNMARKED = Mark("")

"""Says what is wrong with a mapping: in which line, at which key, and the nearest right word.

Floor 2. `mapping.py` finds the faults; here they become a sentence.
"""

import re
from collections.abc import Mapping as Dict

from pydantic import BaseModel, ValidationError

from opsgauge.foundation.errors import did_you_mean
from opsgauge.foundation.yaml_text import line_of

NEEDED = "this key is needed."
Model = type[BaseModel]


def fault_of(wrong: ValidationError, text: str, whole: Model, parts: Dict[str, Model]) -> str:
    """Return the gravest fault, to be written behind the name of the mapping.

    Parameters
    ----------
    text : the mapping as written
    whole, parts : what a mapping may hold, and what its parts may, by their keys
    """
    # A misspelt key first: the one it was meant for is missing only because of it.
    fault = min(wrong.errors(), key=lambda each: each["type"] != "extra_forbidden")
    loc, told = fault["loc"], str(fault["msg"]).removeprefix("Value error, ")
    if told.endswith(NEEDED):
        return f", {told}"
    named = re.search(r"'([^']+)'", told)
    line = line_of(text, loc, named[1] if named else "")
    key = ".".join(str(part) for part in loc)
    place = (f", line {line}" if line else "") + (f", {key}: " if key else ": ")
    if fault["type"] == "extra_forbidden":
        model = parts.get(str(loc[0]), whole) if len(loc) > 1 else whole
        known = [field.alias or name for name, field in model.model_fields.items()]
        return f"{place}no such key. {did_you_mean(str(loc[-1]), known)}"
    return place + (NEEDED if fault["type"] == "missing" else told)

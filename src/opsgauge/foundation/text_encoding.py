"""The name of an encoding of text, checked.

Floor 0.
"""

import codecs
from typing import Annotated

from pydantic import AfterValidator

from opsgauge.foundation.errors import did_you_mean

USUAL = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1250", "shift_jis")


def checked(name: str) -> str:
    """Return the name, where it is one of an encoding, or empty.

    Raises
    ------
    ValueError : with the nearest usual one

    Examples
    --------
    >>> checked("cp1252"), checked("")
    ('cp1252', '')
    """
    try:
        text = codecs.getincrementaldecoder(name or "utf-8")().decode(b"", final=True)
    except (LookupError, ValueError):
        text = None
    if text != "":  # there are codecs from bytes to bytes too
        raise ValueError(f"{name!r} is no encoding of text. {did_you_mean(name, USUAL)}")
    return name


Encoding = Annotated[str, AfterValidator(checked)]

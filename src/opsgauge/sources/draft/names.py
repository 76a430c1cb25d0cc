"""Names and words made comparable: one case, no accents, one blank between words.

Floor 3.
"""

import re
import unicodedata

HUMPS = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])|(?<=[A-Z])(?=[A-Z][a-z])")
# Told apart before accents are dropped: in German the pair of letters is the other spelling.
PAIRS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "a", "æ": "ae"})
NUMBER_SIGNS = re.compile(r"[#№]|\b[nN][º°]")


def folded(name: str) -> str:
    """Return a name in small letters without accents, its words parted by blanks.

    Examples
    --------
    >>> folded("AssignedTo"), folded("Gelöst_am"), folded("Ticket #"), folded("case:concept:name")
    ('assigned to', 'geloest am', 'ticket number', 'case concept name')
    >>> folded("Date d'ouverture"), folded("SLAMet")
    ('date d ouverture', 'sla met')
    """
    parted = HUMPS.sub(" ", NUMBER_SIGNS.sub(" number ", name))
    paired = parted.casefold().translate(PAIRS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", paired) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())

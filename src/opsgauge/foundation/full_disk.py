"""Tells a full disk from other failures, whichever library met it first.

Floor 0.
"""

import errno

ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WORDS = (
    "no space left on device",
    "disk is full",
    "disk quota exceeded",
    "file too large",
)


def is_full_disk(wrong: BaseException) -> bool:
    """Say whether an exception, or one that led to it, tells that there is no room left.

    Examples
    --------
    >>> is_full_disk(OSError(28, "No space left on device")), is_full_disk(ValueError("full"))
    (True, False)
    """
    link: BaseException | None = wrong
    while link is not None:
        told = str(link).lower()
        if getattr(link, "errno", None) in ERRNOS or any(word in told for word in WORDS):
            return True
        link = link.__cause__ or link.__context__
    return False

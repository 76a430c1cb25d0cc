"""Which code this is: the version, and a hash of the program's own files.

Floor 0. So that a number computed by other code can be told from one computed by this.
"""

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path

from opsgauge import __version__


@cache
def code_version() -> str:
    """Return the version with a hash of every module, such as "0.1.0+5f0c2a91d3e4"."""
    folder = Path(str(resources.files("opsgauge")))
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return f"{__version__}+{digest.hexdigest()[:12]}"

"""The real OpenID provider of `openid_provider.py`, started and stopped."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).with_name("openid_provider.py")
USER, PASSWORD = "ana", "correct horse"


@contextmanager
def real_provider(folder: Path, back: str = "") -> Iterator[dict[str, str]]:
    """Start Django with django-oauth-toolkit on loopback; yield its issuer and client.

    Parameters
    ----------
    back : the address to which it sends browsers back
    """
    server = subprocess.Popen(
        [sys.executable, str(PROJECT), str(folder), back], stdout=subprocess.PIPE, text=True
    )
    try:
        said = server.stdout.readline() if server.stdout else ""
        yield json.loads(said)
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout:
            server.stdout.close()

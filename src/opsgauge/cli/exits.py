"""What the exit code says to a script, and errors as a sentence.

Floor 7.
"""

import sys
from collections.abc import Callable
from enum import IntEnum

import structlog

from opsgauge.foundation.errors import Misuse, OpsgaugeError


class Exit(IntEnum):
    """What the exit code says to a script."""

    OK = 0
    SIGNAL = 1  # the run worked and found something a person should see
    MISUSE = 2  # the user can mend it: a wrong name, a missing setting
    FAULT = 3  # we must mend it, or a source is down


def run(command: Callable[[], object]) -> int:
    """Run a command; return its exit code, with errors told as sentences on standard error."""
    try:
        done = command()
        return int(done) if isinstance(done, int) else Exit.OK
    except OpsgaugeError as wrong:
        sys.stderr.write(f"opsgauge: {wrong.message}\n")
        if wrong.hint:
            sys.stderr.write(f"          {wrong.hint}\n")
        return Exit.MISUSE if isinstance(wrong, Misuse) else Exit.FAULT
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has seen enough
        return Exit.OK
    except KeyboardInterrupt:
        sys.stderr.write("opsgauge: stopped; nothing half done was kept.\n")
        return Exit.MISUSE
    except OSError as wrong:
        place = f" ({wrong.filename})" if wrong.filename else ""
        sys.stderr.write(f"opsgauge: {wrong.strerror or wrong}{place}\n")
        structlog.get_logger().debug("os_error", exc_info=True)
        return Exit.FAULT

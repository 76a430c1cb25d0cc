"""What becomes of a form that decides something: done and led on, or drawn again with the reason.

Floor 6.
"""

from collections.abc import Callable

from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from opsgauge.foundation.errors import Misuse, NotAllowed, UnknownName
from opsgauge.web.pages.frame import told


async def tried(act: Callable[[], str], again: Callable[[str], Response]) -> Response:
    """Do what a form asks and lead on; where that cannot be, draw its page again.

    Parameters
    ----------
    act : does it, and returns the address to lead to
    again : draws the page with what is wrong, as status 400
    """

    def run() -> Response:
        try:
            return RedirectResponse(act(), 303)
        except (NotAllowed, UnknownName):
            raise
        except Misuse as wrong:
            return again(told(wrong))

    return await run_in_threadpool(run)

"""The JavaScript that draws a Vega-Lite specification in the browser.

Floor 5, drawing. It comes out of vl-convert's wheel, so that nothing is loaded from elsewhere.
"""

from functools import cache

import vl_convert

_SNIPPET = "window.vegaEmbed = vegaEmbed;"


@cache
def vega_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, 0.9 MB; making it takes a second or two.

    Called with `ast: true` it evaluates expressions by an interpreter of its own, so a page needs
    no `unsafe-eval` in its content security policy.
    """
    return vl_convert.javascript_bundle(_SNIPPET)

"""The JavaScript that draws charts in the browser."""

from opsgauge.operations.drawing.bundle import vega_bundle


def test_the_bundle_is_whole_and_made_once() -> None:
    """It hands over Vega-Embed, loads nothing from elsewhere, and is kept."""
    bundle = vega_bundle()

    assert "window.vegaEmbed" in bundle
    assert len(bundle) > 500_000
    assert "import " not in bundle[:200]
    assert vega_bundle() is bundle

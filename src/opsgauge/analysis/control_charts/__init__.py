"""Control charts: what is normal variation, and what is a signal.

Floor 4, analysis. Arithmetic on a series: no table, no clock, chance only from a seed. Start with
`draw.py`, which draws a `chart.py` of any of the `kinds.py` and judges it by one of the sets in
`rules.py`; `chooser.py` says which kind suits, `sentence.py` what the newest period shows. Beside
them: `suitability.py` before limits, `change_points.py`, `variation.py`, `drift.py` and
`assurance.py` after.
"""

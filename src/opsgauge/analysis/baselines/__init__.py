"""Baselines: what is frozen of a series, whether it may be, and what it hides.

Floor 4, analysis. A series and its records come in, frozen numbers go out; nothing here knows who
signs them. Start with `frozen.py`; `phased.py` draws a chart by what people agreed on.
"""

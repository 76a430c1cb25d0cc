"""Definitions in the formats of others: MetricFlow's YAML, and CSV.

Floor 3, metrics. Whatever a format cannot say is told by name with its reason, never bent. Start
with `metricflow_out.py`; `metricflow_in.py` is the way back, `lines.py` is CSV.
"""

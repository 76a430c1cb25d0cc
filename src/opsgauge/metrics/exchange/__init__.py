"""Definitions in the formats of others: MetricFlow's YAML, Open Semantic Interchange, and CSV.

Floor 3, metrics. Whatever a format cannot say is told by name with its reason, never bent. Start
with `metricflow_out.py` and `osi_out.py`; `metricflow_in.py` and `osi_in.py` are the way back,
`lines.py` is CSV.
"""

"""Opsgauge: how well the work of an IT organisation runs, in numbers one can trust.

Eight floors, each importing only downward: foundation, warehouse, log, metrics and sources,
analysis with governance and alerts, operations, web, cli. Start with `operations`, which reads as
the manual does; `log` holds what everything else counts.
"""

__version__ = "0.1.0"

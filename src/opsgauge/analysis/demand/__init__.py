"""Demand: when tickets come in, and what is out of the ordinary about it.

Floor 4, analysis. Expressions on the tables of the log, already filtered by the caller, and the
arithmetic on what they give; nothing is run here. Start with `weekday_peak.py`.
"""

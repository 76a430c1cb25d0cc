"""Changes: which were made before an incident, on what it is about.

Floor 4, analysis. Expressions on the tables of the log, already filtered by the caller, and the
arithmetic on what they give; nothing is run here. Start with `before.py`.
"""

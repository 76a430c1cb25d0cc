"""Aspects of a process that no single number tells: is it consistent, repeatable, scalable?

Floor 4, analysis. One expression that counts, and plain arithmetic on what it gives; nothing is
run here. Start with `consistency.py`; `groups.py` holds what is counted.
"""

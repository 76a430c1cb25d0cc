"""Does the work go as it should: rules, usual times, models of the process, habits beside them.

Floor 4. Start with `judging.py`, which holds tickets against a rule; `times.py` against the usual
time between two steps, `replay.py` against a model.
"""

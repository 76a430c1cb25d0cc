"""Process mining: which steps tickets take, in what order, and how long each lasts.

Floor 4, analysis. Expressions on the tables of the log, already filtered by the caller; nothing
is run here. Start with `flow_map.py`, then `variants.py`; `steps.py` says what a step is.
"""

"""Alerts: rules drafted and switched on, looked at, told to people, replayed and scored.

Floor 5. Start with `watching.py`, which does one round of all; `looking.py` says what fires now,
`telling.py` to whom it is told, `sending.py` sends.
"""

"""What every floor speaks: errors, settings, time, units, findings, agreed terms.

Floor 0. It imports nothing of Opsgauge above itself. Start with `errors.py`.
"""

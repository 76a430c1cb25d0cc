"""When people are at work: calendars, and the time that counts between two instants.

Floor 2. Start with `definition.py` (what a calendar says), then `reading.py` (its YAML file),
`stretches.py` (when it is open, in UTC), `business_time.py` (durations in Python), and
`compiled.py` with `expressions.py` (the same durations for millions of rows, on an engine).
"""

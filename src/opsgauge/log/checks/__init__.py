"""What makes numbers doubtful: each check looks at one thing and says in a sentence what it saw.

Floor 2. Start with `looking.py`, which makes them all; `seen.py` is the shape of what each gives
back, `records.py` what they look at. A check never raises for what it finds, and one that cannot
be made says so as state "unknown". Which metrics a check touches follows from the columns it
names; that is worked out above, in `operations.check`.
"""

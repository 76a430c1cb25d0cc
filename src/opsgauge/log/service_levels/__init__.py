"""Service levels: promises of time, and the clocks that follow them on every ticket.

Floor 2. `paragraph.py` is what a definition may say and `reading.py` reads it from a workspace's
files; `flags.py` finds what a definition says of each interval of history, `stages.py` what a clock
does during it, `clocks.py` adds that up to one row per clock, `spent.py` says where its time went.
"""

"""Where tickets wait: steps with time to win, handoffs, queues, and why a wait lasted.

Floor 4, analysis. Expressions on `history` and `tickets`, run elsewhere, and plain arithmetic on
the few rows that come back. Start with `steps.py`, then `bottlenecks.py`.
"""

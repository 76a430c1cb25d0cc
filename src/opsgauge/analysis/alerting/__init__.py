"""When a series fires, how a rule would have done, and how it does.

Floor 4, analysis: pure arithmetic on values and moments, without a table or a clock. Start with
`guards.py`.
"""

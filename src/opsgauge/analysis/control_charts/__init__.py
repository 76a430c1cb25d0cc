"""Control charts: what is normal variation, and what is a signal.

Floor 4, analysis. Plain arithmetic on a series: no table, no clock, no randomness. Start with
`xmr.py`; `limits.py` holds where a value lies, `rules.py` what breaks the calm, `sentence.py`
says the newest period in words.
"""

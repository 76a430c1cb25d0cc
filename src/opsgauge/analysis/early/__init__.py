"""Early signs: whether a series goes before another, as somebody says it does.

Floor 4, analysis. Plain arithmetic on two series. Start with `leading.py`.
"""

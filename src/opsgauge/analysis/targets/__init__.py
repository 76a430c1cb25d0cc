"""Whether a target is kept, and whether it will be: an outlook at its review.

Floor 4, analysis. Plain arithmetic on a series; start with `outlook.py`.
"""

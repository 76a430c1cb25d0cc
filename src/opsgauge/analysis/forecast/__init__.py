"""What is normal ahead of time: ranges by season and occasion, and how likely a promise breaks.

Floor 4.
"""

"""Does the work go as it should: answers about rules, usual times, models and habits.

Floor 5. Start with `rules.py`.
"""

"""What goes with an outcome: influences, the vital few, recurrence, causes by kind, words.

Floor 4. Everything here is observation: it says what goes with what, and proves no cause. Start
with `influence.py`.
"""

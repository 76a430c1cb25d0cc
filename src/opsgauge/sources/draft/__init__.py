"""Drafts a mapping from an export nobody has described yet: from its columns' names and values.

Floor 3. Start with `drafting.py`. Every guess carries its reason, whatever is in doubt is written
but switched off, and what the draft would give is found by running it, never by guessing.
"""

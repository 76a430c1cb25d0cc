"""Planted truths against what can be found of them."""

"""Tests of metrics: definitions, questions, kinds, series, explanations."""

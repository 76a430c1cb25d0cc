"""Tests of `opsgauge.analysis.early`."""

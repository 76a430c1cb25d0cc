"""Tests of the kinds of metric, one file each."""

"""Tests of control charts, on series short enough for the eye."""

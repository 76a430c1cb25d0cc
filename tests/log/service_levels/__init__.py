"""Tests of the clocks of service levels."""

"""Tests of the example mappings on the public logs they are for."""

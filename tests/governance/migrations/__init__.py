"""Tests of how the records' tables come to be."""

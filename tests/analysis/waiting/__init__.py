"""Tests of where tickets wait, on a few tickets that can be counted by hand."""

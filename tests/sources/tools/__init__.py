"""Tests of the sources, tool by tool."""

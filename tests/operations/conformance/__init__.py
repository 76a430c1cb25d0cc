"""Tests of conformance: each mirrors the module it is named after."""

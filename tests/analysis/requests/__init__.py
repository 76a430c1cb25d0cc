"""Tests of orders: their time in parts, approvals, tasks and bundles, on desks written by hand."""

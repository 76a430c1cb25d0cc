"""Exports of the desk's other tools."""

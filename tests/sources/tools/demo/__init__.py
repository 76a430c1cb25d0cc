"""The invented desk, part by part."""

"""Drafts of mappings for exports that nobody described."""

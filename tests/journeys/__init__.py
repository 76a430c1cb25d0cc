"""Journeys: a real server, a real browser, and what a person does with both."""

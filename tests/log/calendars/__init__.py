"""Tests of calendars: their files, their stretches, and business time by both ways."""

"""Guards, and how good a rule is: pure arithmetic."""

"""What is normal ahead of time, and how likely a promise breaks."""

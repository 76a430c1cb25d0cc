"""Messages: how they are written, and through what they go."""

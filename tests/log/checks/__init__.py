"""Each check finds what it is for, and nothing where nothing is."""

"""People, organisations, and who belongs to what."""

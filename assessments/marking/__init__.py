"""Marking: marks, recommended outcomes, and what they are told by."""

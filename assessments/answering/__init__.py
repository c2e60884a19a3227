"""Answering: the room and its day, submissions, paper and adjustments."""

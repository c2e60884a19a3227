"""Case studies, submissions, marking and recommended outcomes."""

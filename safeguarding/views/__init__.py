"""The pages of safeguarding: who tells, who leads, and who is a lead."""

"""What is measured, against what, as ratios: never against the wall clock, since machines are noisy."""

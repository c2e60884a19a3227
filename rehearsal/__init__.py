"""A training day rehearsed over real HTTP while servers fail: what was acknowledged is held against what is kept."""

"""A training day over real HTTP while servers fail: what was acknowledged, held against what is kept."""

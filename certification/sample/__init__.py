"""The demo's sample data: written by the same actions as everything else, under a moved clock."""

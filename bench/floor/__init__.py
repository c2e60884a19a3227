"""The floor: a bare Django app that shows the same data with the queries it cannot do without."""

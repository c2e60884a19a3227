"""Pages of case studies."""

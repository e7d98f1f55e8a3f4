"""The dashboard: one page over published releases; it sees `analytics.trends.published` and no other data."""

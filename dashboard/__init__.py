"""The dashboard: one page over published releases, read by `analytics.trends.publication.published` alone."""

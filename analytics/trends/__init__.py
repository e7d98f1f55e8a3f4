"""Trends from noisy cells only: estimates, intervals, and what is published."""

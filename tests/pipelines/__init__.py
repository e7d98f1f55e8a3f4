"""Tests of the command line, its flows and settings."""

"""Kills, full disks, races and clocks: what is left when a command does not end as it should."""

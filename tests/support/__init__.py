"""What several tests share: invented people, oracles, readers of what was published."""

-- yields: what a vault that was brought to format 4 says of itself; bytes of what it forgot may remain. trust: N
UPDATE vault SET format = 4, rebuild_due = TRUE

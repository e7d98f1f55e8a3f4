-- yields: what the home's own key makes of a fixed word. grain: at most one row. trust: P
SELECT key_check FROM home_key

-- yields: operators' counts. grain: one row per arrived event. trust: P, never published
SELECT standing FROM consent_standing

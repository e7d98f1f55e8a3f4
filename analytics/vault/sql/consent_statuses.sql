-- yields: operators' counts. grain: one row per arrived event. trust: P, never published
SELECT status FROM consent_status

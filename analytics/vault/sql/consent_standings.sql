-- yields: the lines of new events, and operators' counts. grain: one row per arrived event. trust: P, never published
SELECT line, event, standing FROM consent_standing

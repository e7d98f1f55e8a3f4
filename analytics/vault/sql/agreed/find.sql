-- yields: who may be counted: their newest grant was recorded while a version of the promise with at least the draw's cap
-- was in force. grain: one row per participant. trust: P
-- L9: a function of one participant's grants and of the plan (docs/privacy/proof.md)
CREATE OR REPLACE TEMP TABLE agreed AS
SELECT person_no
FROM newest_grant
JOIN promise_days ON recorded_at BETWEEN first_at AND last_at

-- yields: how many people with consent in force agreed while each version was in force, and how many of them have no
-- grant of that instant that names the version. For operators only. grain: one row per version with people. trust: P
SELECT version, count(*) AS people, count(*) FILTER (WHERE NOT named) AS labelled_otherwise
FROM (
    SELECT version, person_no, bool_or(policy_version = version) AS named
    FROM newest_grant
    JOIN promise_days ON newest_grant.recorded_at BETWEEN first_at AND last_at
    JOIN consent_event USING (person_no, recorded_at)
    WHERE event = 'granted' AND scope = 'population_statistics'
    GROUP BY version, person_no
)
GROUP BY version

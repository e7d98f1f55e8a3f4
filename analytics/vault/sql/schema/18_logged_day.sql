-- yields: days that may be read at all, each with the mean score of its entries, to the nearest thousandth of a point,
-- all factors of its entries, and the longest sleep recorded. grain: one row per participant and local date with an entry.
-- unit: thousandths of a point (0 to 100,000), of an hour. trust: P
CREATE OR REPLACE VIEW logged_day AS
SELECT
    person_no,
    local_date,
    (2 * sum(mood_score)::BIGINT + count(*)) // (2 * count(*)) AS day_score,
    bit_or(factors) AS factors,
    max(sleep_thousandths) AS sleep_thousandths
FROM consented_entry
GROUP BY person_no, local_date

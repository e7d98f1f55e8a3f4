-- yields: operators' counts of rows past retention: entries, questionnaire totals. grain: one row. unit: rows. trust: P
SELECT
    (SELECT count(*) FROM entry WHERE local_date < $before),
    (SELECT count(*) FROM questionnaire_total WHERE local_date < $before)

-- yields: the batches with held records, in their order. grain: one row per batch. trust: N
SELECT DISTINCT refused_record.batch_no, source.source
FROM refused_record
JOIN source USING (source_no)
SEMI JOIN person USING (person_no)
ORDER BY refused_record.batch_no

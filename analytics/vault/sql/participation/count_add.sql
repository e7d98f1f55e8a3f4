-- yields: nothing; records that a release wrote participation. trust: N
INSERT INTO participation_count VALUES ($product, $period, $count_id, $applied_through)

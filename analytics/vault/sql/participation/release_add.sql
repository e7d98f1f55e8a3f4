-- yields: nothing; says that a release wrote participation. trust: N
INSERT INTO participation_release VALUES ($product, $period)

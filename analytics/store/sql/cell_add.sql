-- yields: one more noisy coordinate. unit: micro-persons. trust: N
INSERT INTO noisy_cell VALUES ($sequence, $measure, $dimensions, $position, $value)

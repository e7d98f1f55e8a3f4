-- yields: one more entry. grain: one row per release. trust: N
INSERT INTO release_entry VALUES ($sequence, $product, $period, $revision, $body, $previous_hash, $hash)

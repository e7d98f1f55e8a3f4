-- yields: the bits of factors. grain: one row per factor. trust: N
SELECT factor, bit FROM factor

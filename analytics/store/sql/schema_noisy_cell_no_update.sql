-- yields: a refusal; what the ledger holds is never edited and never refunded. trust: N
CREATE TRIGGER IF NOT EXISTS noisy_cell_no_update BEFORE UPDATE ON noisy_cell
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited'); END

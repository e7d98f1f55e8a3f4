-- yields: a refusal; what the ledger holds is never edited and never refunded. trust: N
CREATE TRIGGER IF NOT EXISTS release_entry_no_delete BEFORE DELETE ON release_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is never edited'); END

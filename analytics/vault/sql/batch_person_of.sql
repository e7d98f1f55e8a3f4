-- yields: whose a held file is, no row where its rows say so themselves. grain: at most one row. trust: P
SELECT pseudonym FROM batch_person WHERE batch_no = $batch_no

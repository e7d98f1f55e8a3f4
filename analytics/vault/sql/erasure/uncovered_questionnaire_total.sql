-- yields: nothing; deletes what a grant that is closed by now had covered, and the consent in force does not. trust: P
DELETE FROM questionnaire_total
USING consent_in_force
WHERE consent_in_force.person_no = questionnaire_total.person_no
  AND questionnaire_total.local_date < consent_in_force.covers_from

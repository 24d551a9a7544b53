-- name: openings
-- What the staff of a company did about single people since a moment: one row for each act and person, with whether the
-- account held a live mandate then, whether somebody opened a case for the person soon, and how a search had found them.
SELECT a.id, a.at, a.account, a.role, e.subject, a.purpose, e.opened, e.outcome,
       EXISTS (SELECT FROM mandates_mandate m
               WHERE m.subject = e.subject AND m.holder = a.account AND m.since <= a.at + %(grace)s
                 AND LEAST(m.until, COALESCE(m.ended_at, m.until)) >= a.at),
       EXISTS (SELECT FROM mandates_mandate m
               WHERE m.subject = e.subject AND m.kind = 'case' AND m.since BETWEEN a.at - %(near)s AND a.at + %(soon)s),
       COALESCE((SELECT s.organisation FROM ledger_act s
                 WHERE s.account = a.account AND s.action = 'search' AND s.at = a.at LIMIT 1), '')
FROM ledger_act a JOIN ledger_entry e ON e.act = a.id
WHERE a.company = %(company)s AND a.at >= %(since)s AND a.at < %(until)s AND a.account IS NOT NULL
  AND a.action = 'view' AND a.state = 'recorded' AND a.role = ANY (%(roles)s::text[])
ORDER BY a.at, a.id

-- name: pretexts
-- Cases that their opener closed as a mistake, or with no help given or noted, after looking at health: (account,
-- subject, opened at).
SELECT c.opened_by, c.subject, c.opened_at
FROM cases_case c
WHERE c.company = %(company)s AND c.opened_at >= %(since)s AND c.opened_at < %(until)s AND c.state = 'closed'
  AND c.closed_by = c.opened_by
  AND EXISTS (
      SELECT FROM ledger_act a JOIN ledger_entry e ON e.act = a.id
      WHERE e.subject = c.subject AND a.account = c.opened_by AND a.at BETWEEN c.opened_at AND c.closed_at
        AND a.action = 'view' AND ((e.opened | e.refused) & %(health)s) <> 0
  )
  AND (c.outcome = 'opened_by_mistake' OR c.outcome = 'no_help_needed' AND NOT EXISTS (
      SELECT FROM ledger_act a JOIN ledger_entry e ON e.act = a.id
      WHERE e.subject = c.subject AND a.account = c.opened_by AND a.at BETWEEN c.opened_at AND c.closed_at
        AND a.action IN ('collect', 'disclose', 'transfer', 'contact')
  ))

-- name: over_budget
-- Who was stopped by a budget: (account, role, first act, when, how often).
SELECT account, max(role), (array_agg(id ORDER BY at))[1], min(at), count(*)
FROM ledger_act
WHERE company = %(company)s AND at >= %(since)s AND at < %(until)s AND outcome = 'over_budget' AND account IS NOT NULL
GROUP BY account

-- name: put_flag
-- A later run of the same day may have heard more. A verdict, once given, stands.
INSERT INTO oversight_flag (company, act, account, role, at, score, signals, acts, verdict)
VALUES (%(company)s, %(act)s, %(account)s, %(role)s, %(at)s, %(score)s, %(signals)s::text[], %(acts)s, '')
ON CONFLICT (company, act) DO UPDATE
    SET score = EXCLUDED.score, signals = EXCLUDED.signals, acts = EXCLUDED.acts
WHERE oversight_flag.verdict = '' AND oversight_flag.score < EXCLUDED.score
RETURNING act

-- name: drop_old
DELETE FROM oversight_flag WHERE company = %(company)s AND at < %(before)s

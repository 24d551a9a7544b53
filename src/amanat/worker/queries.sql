-- name: companies
SELECT code, name FROM organisations_company ORDER BY code

-- name: within
SELECT set_config('amanat.company', %(company)s, true)

-- name: due
-- Messages to send now: those never tried, and those whose last try was cut off or failed some time ago.
SELECT subject, id FROM custody_message
WHERE company = %(company)s
  AND ((state = 'waiting' AND due <= %(now)s) OR (state = 'sending' AND sent_at <= %(tried_before)s))
ORDER BY due LIMIT %(most)s

-- name: claim
-- Take one message for this try, unless another worker was faster.
UPDATE custody_message SET state = 'sending', sent_at = %(now)s
WHERE subject = %(subject)s::uuid AND id = %(id)s::uuid
  AND (state = 'waiting' OR (state = 'sending' AND sent_at <= %(tried_before)s))
RETURNING kind, clauses, due

-- name: settle
UPDATE custody_message SET state = %(state)s, sent_at = %(now)s
WHERE subject = %(subject)s::uuid AND id = %(id)s::uuid

-- name: waiting
SELECT count(*), min(due) FROM custody_message
WHERE company = %(company)s AND state IN ('waiting', 'sending') AND due <= %(now)s

-- name: expire_answers
DELETE FROM custody_answer WHERE company = %(company)s AND at < %(before)s

-- name: expire_sessions
DELETE FROM accounts_session WHERE started_at < %(before)s

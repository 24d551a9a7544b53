-- name: append
-- One act, an entry for each subject, and their leaves for the log, in one statement.
WITH act AS (
    INSERT INTO ledger_act (id, company, at, account, role, action, purpose, channel, recipient, organisation,
                            statement, outcome, clauses, people, state, bare)
    VALUES (%(id)s::uuid, %(company)s, %(at)s, %(account)s::uuid, %(role)s, %(action)s, %(purpose)s, %(channel)s,
            %(recipient)s, %(organisation)s, %(statement)s, %(outcome)s, %(clauses)s::text[], %(people)s, %(state)s, %(bare)s::bytea)
), leaves AS (
    INSERT INTO ledger_pending (company, leaf) SELECT %(company)s, leaf FROM unnest(%(leaves)s::bytea[]) AS leaf
)
INSERT INTO ledger_entry (subject, act, company, at, outcome, clauses, opened, refused, commitment, body)
SELECT subject, %(id)s::uuid, company, %(at)s, outcome, string_to_array(clauses, ' '), opened, refused, commitment, body
FROM unnest(%(subjects)s::uuid[], %(companies)s::text[], %(outcomes)s::text[], %(clause_lists)s::text[],
            %(opened)s::bigint[], %(refused)s::bigint[], %(commitments)s::bytea[], %(bodies)s::bytea[])
    AS entry (subject, company, outcome, clauses, opened, refused, commitment, body)

-- name: about_person
-- What happened with one person's data, newest first.
SELECT e.act, e.at, a.company, a.account, a.role, a.action, a.purpose, a.recipient, a.organisation, a.channel,
       e.outcome, e.clauses, e.opened, e.refused, a.state
FROM ledger_entry e JOIN ledger_act a ON a.id = e.act
WHERE e.subject = %(subject)s::uuid AND e.at < %(before)s
ORDER BY e.at DESC, e.act LIMIT %(most)s

-- name: journal
-- The decisions of a company, newest first, optionally of one outcome.
SELECT id, at, account, role, action, purpose, recipient, organisation, outcome, clauses, people, state
FROM ledger_act
WHERE company = %(company)s AND at < %(before)s AND (%(outcome)s = '' OR outcome = %(outcome)s)
ORDER BY at DESC, id LIMIT %(most)s

-- name: act
SELECT id, at, company, account, role, action, purpose, recipient, organisation, channel, statement, outcome, clauses,
       people, state
FROM ledger_act WHERE id = %(act)s::uuid

-- name: entries_of_act
SELECT subject, company, outcome, clauses, opened, refused, commitment, body
FROM ledger_entry WHERE act = %(act)s::uuid ORDER BY subject LIMIT %(most)s

-- name: recent_count
SELECT count(*) FROM ledger_act WHERE account = %(account)s::uuid AND action = %(action)s AND at > %(since)s

-- name: statement
SELECT name, version, text FROM ledger_statement WHERE digest = %(digest)s

-- name: put_in_force
INSERT INTO ledger_statement (digest, name, version, effective, text, in_force_since)
VALUES (%(digest)s, %(name)s, %(version)s, %(effective)s, %(text)s, %(now)s)
ON CONFLICT (digest) DO UPDATE SET in_force_since = COALESCE(ledger_statement.in_force_since, EXCLUDED.in_force_since)

-- name: in_force
SELECT digest FROM ledger_statement WHERE in_force_since <= %(now)s ORDER BY in_force_since DESC LIMIT 1

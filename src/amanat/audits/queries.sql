-- name: enter
-- This transaction reads of one company.
SELECT set_config('amanat.room', %(company)s, true)

-- name: draw
-- The decisions that fit, in the order of their digests under the seed, and how many there are.
SELECT a.id, count(*) OVER ()
FROM ledger_act a
LEFT JOIN organisations_client client ON client.code = a.organisation
LEFT JOIN organisations_provider firm ON firm.code = a.organisation
LEFT JOIN organisations_company sister ON sister.code = a.organisation
WHERE a.company = %(company)s AND a.at >= %(since)s AND a.at < %(until)s
  AND a.action NOT IN ('search', 'replay', 'sample')
  AND (%(outcome)s = '' OR a.outcome = %(outcome)s)
  AND (%(recipient)s = '' OR a.recipient = ANY (%(recipients)s::text[]))
  AND (%(country)s = '' OR COALESCE(client.country, firm.country, sister.country) = %(country)s)
ORDER BY sha256(convert_to(%(seed)s || ':' || a.id::text, 'UTF8')) LIMIT %(most)s

-- name: acts
-- Acts as a room shows them: by role, and never by name.
SELECT id, at, role, action, purpose, channel, recipient, organisation, outcome, clauses, people, state, statement
FROM ledger_act WHERE id = ANY (%(acts)s::uuid[]) AND company = %(company)s
ORDER BY array_position(%(acts)s::uuid[], id)

-- name: countries
-- Where those sit who were told something.
SELECT DISTINCT country FROM (
    SELECT country FROM organisations_client UNION SELECT country FROM organisations_provider
    UNION SELECT country FROM organisations_company) place ORDER BY country

-- name: rows
-- All that an act's leaves are made of, in the order of `ledger.leaves`.
SELECT a.id, a.company, a.at, a.account, a.role, a.action, a.purpose, a.channel, a.recipient, a.organisation,
       a.statement, a.outcome, a.clauses, a.people, a.state,
       e.subject, e.company, e.at, e.outcome, e.clauses, e.opened, e.refused, sha256(e.body),
       COALESCE(e.commitment, a.bare)
FROM ledger_act a LEFT JOIN ledger_entry e ON e.act = a.id
WHERE a.id = ANY (%(acts)s::uuid[]) AND a.company = %(company)s
ORDER BY array_position(%(acts)s::uuid[], a.id), e.subject

-- name: logged
-- The leaves of an act that are in the log, and the newest signed head.
SELECT b.number, b.leaves FROM ledger_bundle b
WHERE b.company = %(company)s AND b.number >= COALESCE((
      SELECT c.size FROM ledger_checkpoint c WHERE c.company = %(company)s AND c.at < %(before)s
      ORDER BY c.at DESC, c.size DESC LIMIT 1), 0) / 256
  AND EXISTS (SELECT FROM unnest(b.leaves) leaf WHERE substr(leaf, 2, 16) = %(act)s::bytea)
ORDER BY b.number

-- name: head
SELECT size, note, at FROM ledger_checkpoint WHERE company = %(company)s ORDER BY size DESC LIMIT 1

-- name: tile
SELECT hashes FROM ledger_tile WHERE company = %(company)s AND level = %(level)s AND number = %(number)s

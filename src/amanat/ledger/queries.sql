-- name: append
-- One act, an entry for each subject, and their leaves for the log, in one statement.
WITH act AS (
    INSERT INTO ledger_act (id, company, at, account, role, action, purpose, channel, recipient, organisation,
                            statement, outcome, clauses, people, state, bare, opening)
    VALUES (%(id)s::uuid, %(company)s, %(at)s, %(account)s::uuid, %(role)s, %(action)s, %(purpose)s, %(channel)s,
            %(recipient)s, %(organisation)s, %(statement)s, %(outcome)s, %(clauses)s::text[], %(people)s, %(state)s,
            %(bare)s::bytea, %(opening)s::bytea)
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
-- The decisions of a company, newest first, optionally of one outcome; and whether anybody's data were opened by them.
SELECT id, at, company, account, role, action, purpose, recipient, organisation, channel, outcome, clauses,
       people, state, statement, EXISTS (SELECT FROM ledger_entry e WHERE e.act = ledger_act.id AND e.opened <> 0)
FROM ledger_act
WHERE company = %(company)s AND (at < %(before)s OR at = %(before)s AND id > %(after)s::uuid)
  AND (%(outcome)s = '' OR outcome = %(outcome)s)
ORDER BY at DESC, id LIMIT %(most)s

-- name: act
SELECT id, at, company, account, role, action, purpose, recipient, organisation, channel, outcome, clauses,
       people, state, statement, EXISTS (SELECT FROM ledger_entry e WHERE e.act = ledger_act.id AND e.opened <> 0)
FROM ledger_act WHERE id = %(act)s::uuid

-- name: entries_of_act
SELECT subject, company, outcome, clauses, opened, refused, commitment, body
FROM ledger_entry WHERE act = %(act)s::uuid ORDER BY subject LIMIT %(most)s

-- name: search_budget
-- How often somebody did this lately, and the statements in force so far for their company.
SELECT (SELECT count(*) FROM ledger_act WHERE account = %(account)s::uuid AND action = %(action)s AND at > %(since)s),
       (SELECT array_agg(digest ORDER BY since, company) FROM ledger_publication
        WHERE overlay = '' AND company IN ('', %(company)s) AND since <= %(now)s)

-- name: statement
SELECT name, version, text FROM ledger_statement WHERE digest = %(digest)s

-- name: keep_statement
INSERT INTO ledger_statement (digest, name, version, effective, text, in_force_since)
VALUES (%(digest)s, %(name)s, %(version)s, %(effective)s, %(text)s, %(since)s)
ON CONFLICT (digest) DO NOTHING

-- name: keep_overlay
INSERT INTO ledger_overlay (digest, overlay, version, effective, text)
VALUES (%(digest)s, %(overlay)s, %(version)s, %(effective)s, %(text)s)
ON CONFLICT (digest) DO NOTHING

-- name: publish_alone
-- Only one publication at a time is checked and written; the lock ends with the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('amanat.ledger.publication', 0))

-- name: publish
INSERT INTO ledger_publication (overlay, company, digest, since, at)
VALUES (%(overlay)s, %(company)s, %(digest)s, %(since)s, %(now)s)

-- name: published
-- Every statement that is, was or will be in force, the first one first.
SELECT p.company, p.since, s.name, s.version, p.digest
FROM ledger_publication p JOIN ledger_statement s ON s.digest = p.digest
WHERE p.overlay = '' ORDER BY p.since, p.company

-- name: overlays_published
-- Every overlay that is, was or will be in force, the first one first; one without a digest ends there.
SELECT p.overlay, p.since, p.digest, COALESCE(o.version, ''), COALESCE(o.text, '')
FROM ledger_publication p LEFT JOIN ledger_overlay o ON o.digest = p.digest
WHERE p.overlay <> '' ORDER BY p.since, p.overlay

-- name: in_force
-- The statements in force so far for a company, the one that is in force last.
SELECT array_agg(digest ORDER BY since, company) FROM ledger_publication
WHERE overlay = '' AND company IN ('', %(company)s) AND since <= %(now)s

-- name: in_force_for
-- The statements in force so far for a company (empty: for all of them), with their dates, the newest first.
SELECT s.digest, s.name, s.version, s.effective, p.since
FROM ledger_publication p JOIN ledger_statement s ON s.digest = p.digest
WHERE p.overlay = '' AND p.company IN ('', %(company)s) AND p.since <= %(now)s ORDER BY p.since DESC, p.company DESC

-- name: overlays_in_force
SELECT o.digest, o.text FROM (
    SELECT DISTINCT ON (overlay) digest FROM ledger_publication
    WHERE overlay <> '' AND since <= %(now)s ORDER BY overlay, since DESC
) latest JOIN ledger_overlay o ON o.digest = latest.digest
ORDER BY o.digest

-- name: texts_in_force
-- The text in force of each company's statement and of each overlay, the statements first. One that ended has no text.
SELECT DISTINCT ON (p.overlay, p.company) p.overlay, p.digest, COALESCE(s.text, o.text)
FROM ledger_publication p
LEFT JOIN ledger_statement s ON s.digest = p.digest AND p.overlay = ''
LEFT JOIN ledger_overlay o ON o.digest = p.digest AND p.overlay <> ''
WHERE p.since <= %(now)s ORDER BY p.overlay, p.company, p.since DESC

-- name: overlays_by_digest
SELECT digest, text FROM ledger_overlay WHERE digest = ANY (%(digests)s::text[]) ORDER BY digest

-- name: fold_alone
-- Whether this transaction is now the only one that folds the company's log; the lock ends with it.
SELECT pg_try_advisory_xact_lock(hashtextextended('amanat.ledger.fold:' || %(company)s, 0))

-- name: take_pending
-- Take the oldest waiting leaves out, whatever order their transactions committed in.
WITH taken AS (
    DELETE FROM ledger_pending
    WHERE id IN (SELECT id FROM ledger_pending WHERE company = %(company)s ORDER BY id LIMIT %(most)s)
    RETURNING id, leaf
)
SELECT leaf FROM taken ORDER BY id

-- name: head
SELECT size, root, note FROM ledger_checkpoint WHERE company = %(company)s ORDER BY size DESC LIMIT 1

-- name: tiles
SELECT level, number, hashes FROM ledger_tile JOIN unnest(%(levels)s::smallint[], %(numbers)s::int[])
    AS wanted (level, number) USING (level, number)
WHERE company = %(company)s

-- name: put_bundles
INSERT INTO ledger_bundle (company, number, leaves)
SELECT %(company)s, number, array_agg(leaf ORDER BY position)
FROM unnest(%(numbers)s::int[], %(leaves)s::bytea[]) WITH ORDINALITY AS one (number, leaf, position)
GROUP BY number
ON CONFLICT (company, number) DO UPDATE SET leaves = ledger_bundle.leaves || EXCLUDED.leaves

-- name: put_tiles
INSERT INTO ledger_tile (company, level, number, hashes)
SELECT %(company)s, level, number, hashes
FROM unnest(%(levels)s::smallint[], %(numbers)s::int[], %(hashes)s::bytea[]) AS one (level, number, hashes)
ON CONFLICT (company, level, number) DO UPDATE SET hashes = EXCLUDED.hashes

-- name: put_checkpoint
INSERT INTO ledger_checkpoint (company, size, root, note, at, before)
VALUES (%(company)s, %(size)s, %(root)s, %(note)s, %(at)s, %(before)s)

-- name: waiting_companies
SELECT DISTINCT company FROM ledger_pending ORDER BY company

-- name: receipt
-- One entry with its act, as `leaves` names their facts, and what proves it was recorded.
SELECT a.id, a.company, a.at, a.account, a.role, a.action, a.purpose, a.channel, a.recipient, a.organisation,
       a.statement, a.outcome, a.clauses, a.people, a.state,
       e.subject, e.company, e.at, e.outcome, e.clauses, e.opened, e.refused, sha256(e.body), e.commitment
FROM ledger_entry e JOIN ledger_act a ON a.id = e.act
WHERE e.subject = %(subject)s::uuid AND e.act = %(act)s::uuid

-- name: place
-- Where a leaf stands (it is never in a bundle that was full before its act), and the newest head over it that others
-- cosigned, else the newest; with the cosignatures.
SELECT leaf.index, c.size, c.note, COALESCE((
    SELECT string_agg(s.line, '' ORDER BY s.witness) FROM ledger_cosignature s
    WHERE s.company = c.company AND s.size = c.size
), '')
FROM (
    SELECT b.number * 256::bigint + array_position(b.leaves, %(leaf)s::bytea) - 1 AS index
    FROM ledger_bundle b
    WHERE b.company = %(company)s AND %(leaf)s::bytea = ANY (b.leaves)
      AND b.number >= COALESCE((
          SELECT c.size FROM ledger_checkpoint c
          WHERE c.company = %(company)s AND c.at < %(before)s ORDER BY c.at DESC, c.size DESC LIMIT 1
      ), 0) / 256
    ORDER BY b.number LIMIT 1
) leaf
JOIN ledger_checkpoint c ON c.company = %(company)s AND c.size = COALESCE(
    (SELECT max(s.size) FROM ledger_cosignature s WHERE s.company = %(company)s AND s.size > leaf.index),
    (SELECT max(h.size) FROM ledger_checkpoint h WHERE h.company = %(company)s))

-- name: logs
-- The companies that have, or should have, a log.
SELECT company FROM ledger_checkpoint UNION SELECT company FROM ledger_bundle
UNION SELECT company FROM ledger_pending UNION SELECT company FROM ledger_act ORDER BY company

-- name: verify_bundles
SELECT b.number, b.leaves, t.hashes
FROM ledger_bundle b LEFT JOIN ledger_tile t ON t.company = b.company AND t.level = 0 AND t.number = b.number
WHERE b.company = %(company)s ORDER BY b.number

-- name: verify_tiles
SELECT level, number, hashes FROM ledger_tile WHERE company = %(company)s AND level > 0 ORDER BY level, number

-- name: verify_checkpoints
SELECT size, root, note, before FROM ledger_checkpoint WHERE company = %(company)s ORDER BY size

-- name: verify_leaves
-- Every leaf of a company, in the log or on its way there, in the order of the acts it belongs to.
SELECT leaf FROM (
    SELECT unnest(leaves) AS leaf FROM ledger_bundle WHERE company = %(company)s
    UNION ALL SELECT leaf FROM ledger_pending WHERE company = %(company)s
) one ORDER BY substr(leaf, 2, 16)

-- name: verify_rows
-- Every act of a company with its entries, in the same order, as `leaves` names their facts.
SELECT a.id, a.company, a.at, a.account, a.role, a.action, a.purpose, a.channel, a.recipient, a.organisation,
       a.statement, a.outcome, a.clauses, a.people, a.state,
       e.subject, e.company, e.at, e.outcome, e.clauses, e.opened, e.refused, sha256(e.body),
       COALESCE(e.commitment, a.bare)
FROM ledger_act a LEFT JOIN ledger_entry e ON e.act = a.id
WHERE a.company = %(company)s ORDER BY a.id

-- name: verify_strays
SELECT e.act, count(*) FROM ledger_entry e
WHERE NOT EXISTS (SELECT FROM ledger_act a WHERE a.id = e.act) GROUP BY e.act ORDER BY e.act

-- name: lag
-- Per company with waiting leaves: how many, since when the oldest act among them waits, when it was last signed.
SELECT p.company, count(*), min(a.at),
       (SELECT max(c.at) FROM ledger_checkpoint c WHERE c.company = p.company)
FROM ledger_pending p LEFT JOIN ledger_act a
    ON a.id = CASE WHEN octet_length(p.leaf) >= 17 THEN encode(substr(p.leaf, 2, 16), 'hex')::uuid END
GROUP BY p.company ORDER BY p.company

-- name: sizes
SELECT company, max(size) FROM ledger_checkpoint GROUP BY company ORDER BY company

-- name: heads
-- The newest head of each company's log.
SELECT DISTINCT ON (company) company, size, root, note FROM ledger_checkpoint
WHERE company = ANY (%(companies)s::text[]) ORDER BY company, size DESC

-- name: put_cosignatures
-- A witness's last word on each log; what it said before is of no more use.
INSERT INTO ledger_cosignature (company, witness, size, line, at)
SELECT company, %(witness)s, size, line, %(at)s
FROM unnest(%(companies)s::text[], %(sizes)s::bigint[], %(lines)s::text[]) AS one (company, size, line)
ON CONFLICT (company, witness) DO UPDATE SET size = EXCLUDED.size, line = EXCLUDED.line, at = EXCLUDED.at

-- name: open_incidents
INSERT INTO ledger_incident (id, company, kind, place, found_at, reason)
SELECT gen_random_uuid(), company, kind, place, %(now)s, ''
FROM unnest(%(companies)s::text[], %(kinds)s::text[], %(rows)s::text[]) AS one (company, kind, place)
ON CONFLICT (company, kind, place) WHERE closed_at IS NULL DO NOTHING
RETURNING id

-- name: incidents
SELECT id, company, kind, place, found_at FROM ledger_incident
WHERE closed_at IS NULL AND (told_at IS NULL OR NOT %(untold)s) ORDER BY found_at, company, kind, place LIMIT 1000

-- name: note_told
UPDATE ledger_incident SET told_at = %(now)s WHERE id = ANY (%(ids)s::uuid[])

-- name: close_incident
UPDATE ledger_incident SET closed_at = %(now)s, reason = %(reason)s
WHERE id = %(id)s::uuid AND closed_at IS NULL RETURNING id

-- name: note_look
INSERT INTO ledger_look (id, began, seconds, findings, next_due)
VALUES (1, %(began)s, %(seconds)s, %(findings)s, %(next_due)s)
ON CONFLICT (id) DO UPDATE SET began = EXCLUDED.began, seconds = EXCLUDED.seconds, findings = EXCLUDED.findings,
    next_due = EXCLUDED.next_due

-- name: last_look
SELECT began, seconds, findings, next_due FROM ledger_look WHERE id = 1

-- name: head_served
SELECT c.note, COALESCE((SELECT string_agg(s.line, '' ORDER BY s.witness) FROM ledger_cosignature s
                         WHERE s.company = c.company AND s.size = c.size), '')
FROM ledger_checkpoint c WHERE c.company = %(company)s ORDER BY c.size DESC LIMIT 1

-- name: bundle
-- The first leaves of a bundle, if so many stand under a signed head.
SELECT b.leaves[:%(width)s::int] FROM ledger_bundle b
WHERE b.company = %(company)s AND b.number = %(number)s::int AND cardinality(b.leaves) >= %(width)s::int

-- name: openings
-- Entries about these people that the same person wrote lately in the same session about the same matter.
SELECT e.subject, e.act, e.opened, e.refused, e.commitment
FROM ledger_entry e JOIN ledger_act a ON a.id = e.act
WHERE e.subject = ANY (%(subjects)s::uuid[]) AND e.at > %(since)s AND a.account = %(account)s::uuid
  AND a.opening = %(opening)s::bytea AND a.state = 'recorded'
ORDER BY e.at

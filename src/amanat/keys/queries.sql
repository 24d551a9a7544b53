-- name: unfinished
SELECT epoch, state, begun_at, position FROM keys_turn
WHERE company = %(company)s AND state <> 'done' ORDER BY epoch LIMIT 1

-- name: begin
INSERT INTO keys_turn (company, epoch, state, begun_at, changed_at, position)
VALUES (%(company)s, %(epoch)s, 'begun', %(now)s, %(now)s, '')

-- name: advance
UPDATE keys_turn SET state = %(state)s, changed_at = %(now)s, position = %(position)s
WHERE company = %(company)s AND epoch = %(epoch)s

-- name: turns
-- The newest turn of each company.
SELECT DISTINCT ON (company) company, epoch, state, begun_at, position FROM keys_turn ORDER BY company, epoch DESC

-- name: alone
-- One turn of a company at a time; the lock ends with the transaction or the process.
SELECT pg_try_advisory_xact_lock(hashtextextended('amanat turn of ' || %(company)s, 0))

-- name: wait_for_makers
-- Whoever was about to wrap something under the old root has committed; who comes later finds the new one.
SELECT pg_advisory_xact_lock(hashtextextended('amanat keys of ' || %(company)s, 0))

-- name: touched_buckets
-- Buckets that lost a key, locked with what they hold; the lock waits for losses under way.
SELECT b.id, b.epoch, b.wrapped FROM keys_bucket b
WHERE b.company = %(company)s AND EXISTS (SELECT FROM keys_touched t WHERE t.bucket_id = b.id AND t.at < %(before)s)
ORDER BY b.id LIMIT %(most)s FOR UPDATE OF b

-- name: members
SELECT s.subject, s.key_id, s.data, s.history, s.bucket_id FROM keys_subject s
WHERE s.bucket_id = ANY (%(buckets)s::uuid[]) ORDER BY s.subject

-- name: rewrap_members
UPDATE keys_subject s SET data = n.data, history = n.history
FROM unnest(%(subjects)s::uuid[], %(data)s::bytea[], %(history)s::bytea[]) AS n (subject, data, history)
WHERE s.subject = n.subject

-- name: forget_touches
DELETE FROM keys_touched WHERE bucket_id = ANY (%(buckets)s::uuid[])

-- name: drop_empty_buckets
DELETE FROM keys_bucket b WHERE b.id = ANY (%(buckets)s::uuid[])
AND NOT EXISTS (SELECT FROM keys_subject s WHERE s.bucket_id = b.id)
RETURNING b.id

-- name: old_buckets
SELECT id, wrapped FROM keys_bucket WHERE company = %(company)s AND epoch < %(epoch)s
ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE

-- name: rewrap_buckets
UPDATE keys_bucket b SET epoch = %(epoch)s, wrapped = n.wrapped
FROM unnest(%(ids)s::uuid[], %(wrapped)s::bytea[]) AS n (id, wrapped) WHERE b.id = n.id

-- name: old_periods
SELECT leaf, month, wrapped FROM keys_period WHERE company = %(company)s AND epoch < %(epoch)s
ORDER BY leaf, month LIMIT %(most)s FOR NO KEY UPDATE

-- name: rewrap_periods
UPDATE keys_period p SET epoch = %(epoch)s, wrapped = n.wrapped
FROM unnest(%(leaves)s::smallint[], %(months)s::smallint[], %(wrapped)s::bytea[]) AS n (leaf, month, wrapped)
WHERE p.company = %(company)s AND p.leaf = n.leaf AND p.month = n.month

-- name: old_company_keys
SELECT use, version, wrapped FROM keys_company WHERE company = %(company)s AND epoch < %(epoch)s
ORDER BY use, version LIMIT %(most)s FOR NO KEY UPDATE

-- name: rewrap_company_keys
UPDATE keys_company c SET epoch = %(epoch)s, wrapped = n.wrapped
FROM unnest(%(uses)s::text[], %(versions)s::int[], %(wrapped)s::bytea[]) AS n (use, version, wrapped)
WHERE c.company = %(company)s AND c.use = n.use AND c.version = n.version

-- name: position
-- Where the log of the database stands.
SELECT pg_current_wal_lsn()::text

-- name: archiving
-- Whether pieces of the log are archived, and whether this log-in may end one.
SELECT current_setting('archive_mode') <> 'off', has_function_privilege('pg_switch_wal()', 'EXECUTE')

-- name: end_piece
SELECT pg_switch_wal()

-- name: fill_piece
-- For a log-in that may not end a piece of the log: fill it, so that the archive takes it now and not when it is full.
SELECT pg_logical_emit_message(false, 'amanat', repeat(' ', s.setting::int)) FROM pg_settings s
WHERE s.name = 'wal_segment_size'

-- name: readers
-- The other transactions that have looked at buckets, and may hold rows that name the old root.
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'keys_bucket'::regclass AND pid <> pg_backend_pid()
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())

-- name: behind
-- Standbys that have not replayed the new rows (one whose place this log-in may not see counts as behind), and whether
-- the archive is still without them.
SELECT
    (SELECT count(*) FROM pg_stat_replication WHERE replay_lsn IS NULL OR replay_lsn < %(position)s::pg_lsn),
    current_setting('archive_mode') <> 'off'
        AND (SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver) < pg_walfile_name(%(position)s::pg_lsn)

-- name: every_wrapped
-- All that hangs on a company's root, to be opened once before the old one goes.
SELECT 'bucket', id::text, '', epoch, wrapped FROM keys_bucket WHERE company = %(company)s
UNION ALL SELECT 'period', leaf::text, month::text, epoch, wrapped FROM keys_period WHERE company = %(company)s
UNION ALL SELECT 'company', use, version::text, epoch, wrapped FROM keys_company WHERE company = %(company)s

-- name: within
-- Row security shows the rows of the company whose turn it is.
SELECT set_config('amanat.company', %(company)s, true), set_config('amanat.subjects', '', true)

-- name: counts
-- What hangs on each company's root, and since when buckets wait for a new key.
SELECT c.company,
    (SELECT count(*) FROM keys_bucket b WHERE b.company = c.company),
    (SELECT count(*) FROM keys_period p WHERE p.company = c.company),
    (SELECT count(DISTINCT t.bucket_id) FROM keys_touched t WHERE t.company = c.company),
    (SELECT min(t.at) FROM keys_touched t WHERE t.company = c.company)
FROM (SELECT DISTINCT company FROM keys_company) c ORDER BY c.company

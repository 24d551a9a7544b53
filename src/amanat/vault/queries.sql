-- name: roomy_bucket
-- A bucket of this company with room, taking one place in it.
UPDATE keys_bucket SET members = members + 1
WHERE id = (
    SELECT id FROM keys_bucket WHERE company = %(company)s AND members < %(size)s
    ORDER BY members DESC LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, company, epoch, wrapped

-- name: insert_buckets
INSERT INTO keys_bucket (id, company, epoch, wrapped, members)
SELECT * FROM unnest(%(ids)s::uuid[], %(companies)s::text[], %(epochs)s::int[], %(wrapped)s::bytea[], %(members)s::smallint[])

-- name: insert_subject_keys
INSERT INTO keys_subject (subject, company, bucket_id, key_id, data, history)
SELECT * FROM unnest(
    %(subjects)s::uuid[], %(companies)s::text[], %(buckets)s::uuid[], %(key_ids)s::int[], %(data)s::bytea[], %(history)s::bytea[]
)

-- name: sealed
-- The key row of each subject with its newest folders of the named kinds; a subject without folders gives one row.
-- A record narrows to it and to what belongs to no record. Beside each part stands the wrapped key of its month, or NULL
-- where the part is of the older format, without one, or where the month is over and its key was dropped.
SELECT k.subject, k.company, k.key_id, k.data, k.history, b.id, b.epoch, b.wrapped,
       f.folder, f.record, f.version, f.categories, f.parts, ARRAY(
    SELECT (SELECT p.wrapped FROM keys_period p WHERE p.company = k.company AND p.leaf = u.leaf AND p.month =
        CASE get_byte(u.part, 0) WHEN 2 THEN (get_byte(u.part, 5) * 256 + get_byte(u.part, 6))::smallint END)
    FROM unnest(f.categories, f.parts) AS u (leaf, part)
)
FROM keys_subject k
JOIN keys_bucket b ON b.id = k.bucket_id
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (folder, record) folder, record, version, categories, parts
    FROM vault_folder
    WHERE subject = k.subject AND folder = ANY (%(folders)s::text[])
      AND (%(record)s::uuid IS NULL OR record IN (%(record)s::uuid, '00000000-0000-0000-0000-000000000000'))
    ORDER BY folder, record, version DESC
) f ON true
WHERE k.subject = ANY (%(subjects)s::uuid[])

-- name: insert_folder
INSERT INTO vault_folder (subject, folder, record, version, company, categories, parts)
SELECT %(subject)s::uuid, %(folder)s, %(record)s::uuid, %(version)s::int, %(company)s, %(categories)s::smallint[], %(parts)s::bytea[]

-- name: insert_folders
-- Many at once; of each, its array literals.
INSERT INTO vault_folder (subject, folder, record, version, company, categories, parts)
SELECT subject, folder, record, version, company, categories::smallint[], parts::bytea[]
FROM unnest(
    %(subjects)s::uuid[], %(folders)s::text[], %(records)s::uuid[], %(versions)s::int[], %(companies)s::text[],
    %(categories)s::text[], %(parts)s::text[]
) AS f (subject, folder, record, version, company, categories, parts)

-- name: newest_version
SELECT COALESCE(max(version), 0) FROM vault_folder
WHERE subject = %(subject)s::uuid AND folder = %(folder)s AND record = %(record)s::uuid

-- name: company_keys
-- The newest key of a company for each of some uses.
SELECT DISTINCT ON (use) use, version, wrapped FROM keys_company
WHERE company = %(company)s AND use = ANY (%(uses)s::text[]) ORDER BY use, version DESC

-- name: periods
SELECT p.leaf, p.month, p.wrapped FROM unnest(%(leaves)s::smallint[], %(months)s::smallint[]) AS u (leaf, month)
JOIN keys_period p ON p.company = %(company)s AND p.leaf = u.leaf AND p.month = u.month

-- name: insert_periods
-- Sorted by their key, so that two who make the same ones wait for each other and never in a ring.
INSERT INTO keys_period (company, leaf, month, epoch, wrapped)
SELECT %(company)s, * FROM unnest(%(leaves)s::smallint[], %(months)s::smallint[], %(epochs)s::int[], %(wrapped)s::bytea[])
ON CONFLICT DO NOTHING

-- name: drop_periods
DELETE FROM keys_period WHERE company = %(company)s AND leaf = ANY (%(leaves)s::smallint[])
AND month > 0 AND month < %(before)s

-- name: hold_epoch
-- Whoever wraps a new key under a root holds this until the commit; a turn waits for them once, after which nothing
-- new can come under the old root.
SELECT pg_advisory_xact_lock_shared(hashtextextended('amanat keys of ' || %(company)s, 0))

-- name: companies
-- Those whose keys are in this database.
SELECT DISTINCT company FROM keys_company ORDER BY company

-- name: insert_company_key
INSERT INTO keys_company (company, use, version, epoch, wrapped)
VALUES (%(company)s, %(use)s, %(version)s, %(epoch)s, %(wrapped)s) ON CONFLICT DO NOTHING

-- name: find_token
SELECT subject FROM vault_token
WHERE company = %(company)s AND field = %(field)s AND key_version = %(version)s AND token = %(token)s
ORDER BY subject LIMIT %(most)s

-- name: find_tokens
SELECT token, subject FROM vault_token
WHERE company = %(company)s AND field = %(field)s AND key_version = %(version)s AND token = ANY (%(tokens)s::bytea[])

-- name: insert_tokens
INSERT INTO vault_token (company, field, key_version, token, subject)
SELECT * FROM unnest(
    %(companies)s::text[], %(fields)s::text[], %(versions)s::int[], %(tokens)s::bytea[], %(subjects)s::uuid[]
)
ON CONFLICT DO NOTHING

-- name: touch_buckets
-- Before the keys go: the row holds the bucket as it is, so that a turn re-keys it before this loss or after it.
INSERT INTO keys_touched (id, company, bucket_id, at)
SELECT gen_random_uuid(), k.company, k.bucket_id, now() FROM keys_subject k WHERE k.subject = ANY (%(subjects)s::uuid[])
GROUP BY k.company, k.bucket_id ORDER BY k.bucket_id

-- name: leave_buckets
UPDATE keys_bucket b SET members = b.members - gone.count FROM (
    SELECT bucket_id, count(*) FROM keys_subject WHERE subject = ANY (%(subjects)s::uuid[]) GROUP BY bucket_id
) gone WHERE b.id = gone.bucket_id

-- name: drop_keys
DELETE FROM keys_subject WHERE subject = ANY (%(subjects)s::uuid[])

-- name: drop_tokens
DELETE FROM vault_token WHERE subject = ANY (%(subjects)s::uuid[])

-- name: key_row
SELECT k.company, k.key_id, k.data, k.history, b.id, b.epoch, b.wrapped
FROM keys_subject k JOIN keys_bucket b ON b.id = k.bucket_id WHERE k.subject = %(subject)s::uuid
FOR UPDATE OF k

-- name: new_data_key
UPDATE keys_subject SET key_id = %(key_id)s, data = %(data)s WHERE subject = %(subject)s::uuid

-- name: every_folder
-- All versions, and the wrapped key of each part's month.
SELECT f.company, f.folder, f.record, f.version, f.categories, f.parts, ARRAY(
    SELECT (SELECT p.wrapped FROM keys_period p WHERE p.company = f.company AND p.leaf = u.leaf AND p.month =
        CASE get_byte(u.part, 0) WHEN 2 THEN (get_byte(u.part, 5) * 256 + get_byte(u.part, 6))::smallint END)
    FROM unnest(f.categories, f.parts) AS u (leaf, part)
)
FROM vault_folder f WHERE f.subject = %(subject)s::uuid
FOR UPDATE OF f

-- name: replace_parts
UPDATE vault_folder SET categories = %(categories)s::smallint[], parts = %(parts)s::bytea[]
WHERE subject = %(subject)s::uuid AND folder = %(folder)s AND record = %(record)s::uuid AND version = %(version)s::int

-- name: drop_folder
DELETE FROM vault_folder
WHERE subject = %(subject)s::uuid AND folder = %(folder)s AND record = %(record)s::uuid AND version = %(version)s::int

-- name: within_company
SELECT set_config('amanat.company', %(company)s, true), set_config('amanat.subjects', '', true)

-- name: indexed_people
-- People with tokens under an older key and none under the new one, and the fields they have; their keys are held, so
-- that whoever erases one of them finds the new tokens too.
SELECT k.subject, ARRAY(SELECT DISTINCT o.field FROM vault_token o
                        WHERE o.subject = k.subject AND o.company = %(company)s AND o.key_version < %(version)s)
FROM keys_subject k
WHERE k.company = %(company)s AND k.subject > %(after)s::uuid
  AND EXISTS (SELECT FROM vault_token o WHERE o.subject = k.subject AND o.company = k.company
              AND o.key_version < %(version)s)
  AND NOT EXISTS (SELECT FROM vault_token n WHERE n.subject = k.subject AND n.company = k.company
                  AND n.key_version = %(version)s)
ORDER BY k.subject LIMIT %(most)s FOR SHARE OF k

-- name: lock_tokens
LOCK TABLE vault_token IN SHARE ROW EXCLUSIVE MODE

-- name: drop_old_index_keys
DELETE FROM keys_company WHERE company = %(company)s
AND ((use = 'index' AND version < %(version)s) OR use = 'index.next')

-- name: drop_old_tokens
DELETE FROM vault_token WHERE company = %(company)s AND key_version < %(version)s

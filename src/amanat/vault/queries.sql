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
-- A record narrows to it and to what belongs to no record.
SELECT k.subject, k.company, k.key_id, k.data, k.history, b.id, b.epoch, b.wrapped,
       f.folder, f.record, f.version, f.categories, f.parts
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

-- name: insert_folders
INSERT INTO vault_folder (subject, folder, record, version, company, categories, parts)
SELECT %(subject)s::uuid, %(folder)s, %(record)s::uuid, %(version)s::int, %(company)s, %(categories)s::smallint[], %(parts)s::bytea[]

-- name: newest_version
SELECT COALESCE(max(version), 0) FROM vault_folder
WHERE subject = %(subject)s::uuid AND folder = %(folder)s AND record = %(record)s::uuid

-- name: company_keys
-- The newest key of a company for each of some uses.
SELECT DISTINCT ON (use) use, version, wrapped FROM keys_company
WHERE company = %(company)s AND use = ANY (%(uses)s::text[]) ORDER BY use, version DESC

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

-- name: drop_keys
DELETE FROM keys_subject WHERE subject = %(subject)s::uuid

-- name: drop_tokens
DELETE FROM vault_token WHERE subject = %(subject)s::uuid

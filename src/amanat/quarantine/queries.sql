-- name: public_key
-- The newest public key of a company.
SELECT version, public FROM quarantine_pair WHERE company = %(company)s ORDER BY version DESC LIMIT 1

-- name: private_key
SELECT wrapped FROM quarantine_pair WHERE company = %(company)s AND version = %(version)s

-- name: insert_pair
INSERT INTO quarantine_pair (company, version, public, wrapped)
VALUES (%(company)s, %(version)s, %(public)s, %(wrapped)s) ON CONFLICT DO NOTHING

-- name: insert_item
INSERT INTO quarantine_item (subject, id, company, source, organisation, purpose, record, account, role, at, until,
                             version, body)
VALUES (%(subject)s, %(id)s, %(company)s, %(source)s, %(organisation)s, %(purpose)s, %(record)s, %(account)s, %(role)s,
        %(at)s, %(until)s, %(version)s, %(body)s)

-- name: waiting
-- What waits in a company and is not over: the frames alone, for there is no right to more.
SELECT subject, id, company, source, organisation, purpose, record, account, role, at, until
FROM quarantine_item
WHERE company = %(company)s AND until > %(now)s AND (%(record)s::uuid IS NULL OR record = %(record)s::uuid)
ORDER BY at, id LIMIT %(most)s

-- name: count
SELECT count(*), min(until) FROM quarantine_item WHERE company = %(company)s AND until > %(now)s

-- name: take_item
-- Take one out, unless somebody was faster or its time is over.
DELETE FROM quarantine_item WHERE subject = %(subject)s AND id = %(id)s AND until > %(now)s RETURNING version, body

-- name: drop_expired
DELETE FROM quarantine_item WHERE company = %(company)s AND until <= %(now)s

-- name: drop_subject
DELETE FROM quarantine_item WHERE subject = %(subject)s

-- name: held
-- The open cases of which somebody holds a live mandate, newest first.
SELECT c.id, c.subject, c.number, c.kind, c.state, c.reason, c.opened_at
FROM mandates_mandate m JOIN cases_case c ON c.subject = m.subject AND c.id = m.record
WHERE m.holder_company = %(company)s AND m.holder = %(account)s::uuid AND m.kind = 'case'
  AND m.ended_at IS NULL AND m.since <= %(now)s AND m.until > %(now)s AND c.state <> 'closed'
ORDER BY c.opened_at DESC, c.id LIMIT %(most)s

-- name: recipients
-- Who may be told about a person: whoever pays for them, the firms that work for this company, sister companies.
SELECT 'payer' AS side, code, name, country, payer AS leaf, true AS live
FROM organisations_client WHERE code = ANY (%(payers)s::text[])
UNION ALL
SELECT 'provider', p.code, p.name, p.country, p.kind, bool_or(a.since <= %(today)s AND a.until >= %(today)s)
FROM organisations_provider p JOIN organisations_agreement a ON a.provider = p.code AND a.company = %(company)s
GROUP BY p.code, p.name, p.country, p.kind
UNION ALL
SELECT 'group', code, name, country, 'assistance_centre', true
FROM organisations_company WHERE code <> %(company)s
ORDER BY side, name, code

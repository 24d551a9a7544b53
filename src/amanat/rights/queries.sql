-- name: recipients
-- For each kind of recipient one organisation that would really be told: who pays for the person, firms with a live
-- agreement (the most complete first), a sister company.
SELECT client.payer AS leaf, client.code, client.name, client.country
FROM organisations_client client WHERE client.code = ANY (%(clients)s::text[])
UNION ALL
(SELECT DISTINCT ON (firm.kind) firm.kind, firm.code, firm.name, firm.country
 FROM organisations_provider firm
 JOIN organisations_agreement agreed ON agreed.provider = firm.code AND agreed.company = %(company)s
      AND agreed.since <= %(today)s AND agreed.until >= %(today)s
 ORDER BY firm.kind, cardinality(agreed.terms) DESC, cardinality(firm.comparable) DESC, firm.code)
UNION ALL
(SELECT 'assistance_centre', sister.code, sister.name, sister.country
 FROM organisations_company sister WHERE sister.code <> %(company)s ORDER BY sister.code LIMIT 1)

-- name: newest_answers
-- The newest answer of one person to each question, with the sentence it answered.
SELECT DISTINCT ON (answer.kind, answer.parameter, answer.organisation)
       answer.id, answer.kind, answer.parameter, answer.organisation, answer.state, answer.at, answer.language,
       COALESCE(wording.text, '')
FROM choices_consentrecord answer
LEFT JOIN choices_wording wording ON wording.digest = answer.wording
WHERE answer.subject = %(subject)s::uuid
ORDER BY answer.kind, answer.parameter, answer.organisation, answer.at DESC, answer.id

-- name: one_standing
-- The newest answer of one person to one question, beside which leaves are on record about them (nothing is opened)
-- and since when each of their open cases runs.
SELECT held.leaves, opened.cases, answer.id, answer.kind, answer.parameter, answer.organisation, answer.state, answer.at,
       answer.language, COALESCE(wording.text, '')
FROM (SELECT array_agg(DISTINCT leaf) AS leaves FROM (
          SELECT DISTINCT ON (folder, record) categories FROM vault_folder
          WHERE subject = %(subject)s::uuid ORDER BY folder, record, version DESC
      ) newest, unnest(newest.categories) leaf) held
CROSS JOIN (SELECT array_agg(since ORDER BY since) AS cases FROM (
          SELECT min(since) AS since FROM mandates_mandate
          WHERE subject = %(subject)s::uuid AND kind = 'case' AND record IS NOT NULL AND ended_at IS NULL
                AND since <= %(now)s AND until > %(now)s
          GROUP BY record
      ) running) opened
LEFT JOIN LATERAL (
          SELECT id, kind, parameter, organisation, state, at, language, wording FROM choices_consentrecord
          WHERE subject = %(subject)s::uuid AND kind = %(kind)s AND parameter = %(parameter)s
                AND organisation = %(organisation)s
          ORDER BY at DESC, id LIMIT 1
      ) answer ON true
LEFT JOIN choices_wording wording ON wording.digest = answer.wording

-- name: receipt
-- The answers given in one moment, that of the record named, with their sentences and who answers for them.
SELECT answer.id, answer.kind, answer.parameter, answer.organisation, answer.state, answer.at, answer.language,
       answer.channel, answer.form_version, answer.wording, COALESCE(wording.text, ''), answer.statement,
       words.version, company.code, company.name, company.country,
       (SELECT value FROM organisations_contact contact WHERE contact.company = company.code AND contact.kind = 'privacy')
FROM choices_consentrecord named
JOIN choices_consentrecord answer ON answer.subject = named.subject AND answer.at = named.at
JOIN organisations_company company ON company.code = answer.company
JOIN ledger_statement words ON words.digest = answer.statement
LEFT JOIN choices_wording wording ON wording.digest = answer.wording
WHERE named.subject = %(subject)s::uuid AND named.id = %(id)s::uuid
ORDER BY answer.kind, answer.parameter, answer.organisation

-- name: covers
-- Who answers for the person, and each live cover with how they come to it; one row without a scheme if there is none.
SELECT company.name, company.country,
       COALESCE((SELECT value FROM organisations_contact contact
                 WHERE contact.company = company.code AND contact.kind = 'privacy'), ''),
       cover.scheme, cover.since, cover.until, COALESCE(client.name, ''), COALESCE(relation.kind, '')
FROM organisations_company company
LEFT JOIN people_entitlement cover ON cover.subject = %(subject)s::uuid AND cover.since <= %(today)s
     AND COALESCE(cover.until >= %(today)s, true)
LEFT JOIN organisations_client client ON client.code = cover.organisation
LEFT JOIN people_relation relation ON relation.subject = cover.subject AND relation.organisation = cover.organisation
     AND relation.since <= %(today)s AND COALESCE(relation.until >= %(today)s, true)
WHERE company.code = %(company)s
ORDER BY cover.since

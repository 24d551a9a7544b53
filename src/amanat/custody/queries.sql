-- name: context
-- Row context of this transaction: the acting company, and the subjects that the actor may reach outside it: themself,
-- and those of other companies that a live mandate of this very actor names. A mandate that gives this company as the
-- person's own widens nothing: such a row is the one this company can write for anybody.
-- Statements of a unit look rows up by key whatever their values, so one plan serves: planning the scene anew for each
-- values costs five times as much as running it.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('amanat.company', %(company)s, true),
       set_config('amanat.subjects', concat_ws(',', %(own)s::text, (
           SELECT string_agg(DISTINCT m.subject::text, ',') FROM mandates_mandate m
           WHERE m.holder_company = %(company)s AND m.company <> %(company)s
             AND m.subject = ANY (%(subjects)s::uuid[]) AND (m.holder IS NULL OR m.holder = %(account)s::uuid)
             AND m.ended_at IS NULL AND m.since <= %(now)s AND m.until > %(now)s
       )), true)


-- name: scene
-- What holds for each act as a whole: the acting company, the actor's role and training, the statements in force so far
-- (the one that is in force last), a mark of the overlays in force, and the organisation on the other side, if there is
-- one. One row for each act, in their order.
SELECT c.country,
       c.bound_since <= %(today)s AND COALESCE(c.bound_until >= %(today)s, true),
       staff.role,
       staff.trained,
       COALESCE(staff.trained_until >= %(today)s, true),
       words.digests,
       around.mark,
       COALESCE(provider.country, client.country, sister.country),
       COALESCE(provider.kind, client.payer, CASE WHEN sister.code IS NOT NULL THEN 'group' END),
       COALESCE(supplier.kind, customer.payer),
       provider.comparable,
       provider.registered,
       agreed.terms,
       agreed.live,
       sister.bound_since <= %(today)s AND COALESCE(sister.bound_until >= %(today)s, true),
       EXISTS (SELECT 1 FROM organisations_attestation a WHERE a.source = act.source
               AND a.since <= %(today)s AND a.until >= %(today)s),
       (SELECT jsonb_agg(jsonb_build_array(t.origin, t.destination, t.tool) ORDER BY t.since, t.id) FROM organisations_transfertool t
        WHERE t.destination = ANY (ARRAY[act.destination, c.country,
                                         COALESCE(provider.country, client.country, sister.country)])
          AND t.since <= %(today)s AND COALESCE(t.until >= %(today)s, true))
FROM unnest(%(companies)s::text[], %(accounts)s::uuid[], %(organisations)s::text[], %(destinations)s::text[],
            %(sources)s::text[]) WITH ORDINALITY AS act (company, account, organisation, destination, source, number)
JOIN organisations_company c ON c.code = act.company
LEFT JOIN organisations_staffrole staff ON staff.account = act.account AND staff.company = c.code
LEFT JOIN organisations_provider provider ON provider.code = act.organisation
LEFT JOIN organisations_client client ON client.code = act.organisation
LEFT JOIN organisations_company sister ON sister.code = act.organisation
LEFT JOIN organisations_provider supplier ON supplier.code = act.source
LEFT JOIN organisations_client customer ON customer.code = act.source
LEFT JOIN LATERAL (
    SELECT a.terms, a.since <= %(today)s AND a.until >= %(today)s AS live FROM organisations_agreement a
    WHERE a.provider = provider.code AND a.company = c.code ORDER BY live DESC, a.until DESC LIMIT 1
) agreed ON true
LEFT JOIN LATERAL (
    SELECT array_agg(p.digest ORDER BY p.since, p.company) AS digests FROM ledger_publication p
    WHERE p.overlay = '' AND p.company IN ('', c.code) AND p.since <= %(now)s
) words ON true
CROSS JOIN (
    SELECT md5(string_agg(o.digest, ' ' ORDER BY o.digest)) AS mark FROM (
        SELECT DISTINCT ON (overlay) digest FROM ledger_publication
        WHERE overlay <> '' AND since <= %(now)s ORDER BY overlay, since DESC
    ) o WHERE o.digest <> ''
) around
ORDER BY act.number

-- name: facts
-- What decisions stand on, for every subject of the page: standing, live relations, cover and mandates.
SELECT s.subject, s.company, home.country, s.residence, s.minor_until, s.choices, s.version, s.statement, s.answered,
       (SELECT array_agg(r.kind || '@' || r.organisation ORDER BY r.kind) FROM people_relation r
        WHERE r.subject = s.subject AND r.since <= %(today)s AND COALESCE(r.until >= %(today)s, true)),
       EXISTS (SELECT 1 FROM people_entitlement e
               WHERE e.subject = s.subject AND e.since <= %(today)s AND COALESCE(e.until >= %(today)s, true)),
       (SELECT jsonb_agg(jsonb_build_object(
                   'id', m.id, 'kind', m.kind, 'holder', m.holder, 'record', m.record, 'contexts', m.contexts,
                   'proof', m.proof,
                   'refused', m.kind = 'glass' AND COALESCE((
                       SELECT c.state = 'refused' FROM choices_consentrecord c
                       WHERE c.subject = m.subject AND c.kind = 'emergency_record' ORDER BY c.at DESC LIMIT 1
                   ), false)))
        FROM mandates_mandate m
        WHERE m.subject = s.subject AND m.holder_company = %(company)s AND m.ended_at IS NULL
          AND m.since <= %(now)s AND m.until > %(now)s
          AND (m.holder IS NULL OR m.holder = %(account)s::uuid))
FROM people_standing s
JOIN organisations_company home ON home.code = s.company
WHERE s.subject = ANY (%(subjects)s::uuid[])
ORDER BY s.subject

-- name: facts_shared
-- Lock the standing rows against a change of choices until this unit ends (a disclosure is decided on them).
SELECT subject FROM people_standing WHERE subject = ANY (%(subjects)s::uuid[]) ORDER BY subject FOR SHARE

-- name: facts_owned
-- Lock the standing rows for change.
SELECT subject FROM people_standing WHERE subject = ANY (%(subjects)s::uuid[]) ORDER BY subject FOR UPDATE

-- name: answer
INSERT INTO custody_answer (company, key, asked, result, at)
VALUES (%(company)s, %(key)s, %(asked)s, %(result)s, %(at)s)
ON CONFLICT (company, key) DO NOTHING
RETURNING key

-- name: answered
SELECT asked, result FROM custody_answer WHERE company = %(company)s AND key = %(key)s

-- name: change_choices
UPDATE people_standing SET choices = %(choices)s::text[], answered = %(answered)s::jsonb, version = version + 1
WHERE subject = %(subject)s::uuid

-- name: give_statement
UPDATE people_standing SET statement = %(statement)s, answered = %(answered)s::jsonb, version = version + 1
WHERE subject = %(subject)s::uuid

-- name: insert_standings
INSERT INTO people_standing (subject, company, residence, minor_until, choices, version, statement)
SELECT subject, %(company)s, residence, minor_until, '{}', 1, %(statement)s
FROM unnest(%(subjects)s::uuid[], %(residences)s::text[], %(minor_untils)s::date[]) AS one (subject, residence, minor_until)

-- name: insert_relations
INSERT INTO people_relation (subject, id, company, kind, organisation, scheme, other, since, until, evidence)
SELECT subject, gen_random_uuid(), %(company)s, kind, %(organisation)s, scheme, other, since, until, %(evidence)s
FROM unnest(%(subjects)s::uuid[], %(kinds)s::text[], %(schemes)s::text[], %(others)s::uuid[], %(sinces)s::date[],
            %(untils)s::date[]) AS one (subject, kind, scheme, other, since, until)

-- name: insert_entitlements
INSERT INTO people_entitlement (subject, id, company, organisation, scheme, since, until)
SELECT subject, gen_random_uuid(), %(company)s, %(organisation)s, scheme, since, until
FROM unnest(%(subjects)s::uuid[], %(schemes)s::text[], %(sinces)s::date[], %(untils)s::date[])
    AS one (subject, scheme, since, until)

-- name: insert_stays
INSERT INTO people_stay (subject, id, company, organisation, country, since, until)
SELECT subject, id, %(company)s, %(organisation)s, country, since, until
FROM unnest(%(subjects)s::uuid[], %(ids)s::uuid[], %(countries)s::text[], %(sinces)s::date[], %(untils)s::date[])
    AS one (subject, id, country, since, until)

-- name: begin_sweep
INSERT INTO custody_sweep (act, company, kind, organisation, cursor, total, state, counts, started)
VALUES (%(act)s, %(company)s, %(kind)s, %(organisation)s, 0, %(total)s, 'running', '{}', %(now)s)

-- name: advance_sweep
UPDATE custody_sweep SET cursor = %(cursor)s, counts = %(counts)s, state = %(state)s WHERE act = %(act)s::uuid

-- name: drop_standing
DELETE FROM people_standing WHERE subject = %(subject)s::uuid

-- name: drop_relations
DELETE FROM people_relation WHERE subject = %(subject)s::uuid

-- name: drop_entitlements
DELETE FROM people_entitlement WHERE subject = %(subject)s::uuid

-- name: drop_stays
DELETE FROM people_stay WHERE subject = %(subject)s::uuid

-- name: enrolled
-- Which of these subjects an organisation enrolled, and as what.
SELECT DISTINCT ON (r.subject) r.subject, r.kind FROM people_relation r
WHERE r.subject = ANY (%(subjects)s::uuid[]) AND r.organisation = %(organisation)s
ORDER BY r.subject, r.since DESC

-- name: touched
-- People of a company who made a choice of one of these kinds under the statement beside it (`ask`), or were given one
-- of the changed statements (`tell`), grouped by all that a rule may ask about. What stands there empty is under the
-- first statement that was in force.
WITH person AS (
    SELECT s.choices, s.statement, s.answered, s.residence, COALESCE(s.minor_until > %(today)s, false) AS minor,
           COALESCE(r.kind, 'unknown') AS relation,
           EXISTS (
               SELECT FROM unnest(s.choices) AS choice
               JOIN unnest(%(digests)s::text[], %(kinds)s::text[]) AS stretched (digest, kind)
                 ON stretched.kind = split_part(split_part(choice, '@', 1), ':', 1)
                AND stretched.digest = COALESCE(NULLIF(COALESCE(s.answered ->> choice, s.statement), ''), first.digest)
           ) AS ask,
           COALESCE(NULLIF(s.statement, ''), first.digest) = ANY (%(changed)s::text[]) AS tell
    FROM people_standing s
    CROSS JOIN (
        SELECT digest FROM ledger_publication
        WHERE overlay = '' AND company IN ('', %(company)s) AND since <= %(now)s ORDER BY since, company LIMIT 1
    ) first
    LEFT JOIN LATERAL (
        SELECT kind FROM people_relation WHERE subject = s.subject ORDER BY since DESC, kind LIMIT 1
    ) r ON true
    WHERE s.company = %(company)s
)
SELECT %(words)s::text[], choices, statement, answered, minor, relation, residence,
       array_remove(ARRAY[CASE WHEN ask THEN 'ask' END, CASE WHEN tell THEN 'tell' END], NULL), count(*)
FROM person WHERE ask OR tell GROUP BY 1, 2, 3, 4, 5, 6, 7, 8

-- name: newest
-- A client of the acting company, the tables it was shown last for this month, and how many of its people are on record
-- now.
SELECT c.name, r.made, r.people, r.tables::text,
       (SELECT count(DISTINCT e.subject) FROM people_entitlement e WHERE e.organisation = c.code)
FROM organisations_client c
LEFT JOIN LATERAL (
    SELECT made, people, tables FROM statistics_report
    WHERE client = c.code AND month = %(month)s ORDER BY made DESC LIMIT 1
) r ON true
WHERE c.code = %(client)s AND c.company = %(company)s

-- name: counted
-- For each month, those covered on any day of it, in their own right or as dependants; for the last month also where
-- they live, and where those who travel are (each person once, in the first country of their month). Grouped by all
-- that a rule may ask about.
WITH month AS (
    SELECT first, last FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS one (first, last)
), covered AS (
    SELECT DISTINCT month.first, month.last, e.subject
    FROM month JOIN people_entitlement e
      ON e.organisation = %(client)s AND e.since <= month.last AND COALESCE(e.until >= month.first, true)
), person AS (
    SELECT s.subject, s.choices, COALESCE(s.minor_until > %(today)s, false) AS minor, s.residence,
           COALESCE(r.kind, 'unknown') AS relation
    FROM people_standing s
    LEFT JOIN LATERAL (
        SELECT kind FROM people_relation
        WHERE subject = s.subject AND organisation = %(client)s ORDER BY since DESC, kind LIMIT 1
    ) r ON true
    WHERE s.subject IN (SELECT subject FROM covered)
), now AS (
    SELECT covered.*, person.choices, person.minor, person.relation, person.residence
    FROM covered JOIN person USING (subject) WHERE covered.first = (SELECT max(first) FROM month)
)
SELECT ARRAY['entitlement'], p.choices, p.minor, p.relation, p.residence,
       ARRAY['covered', c.first::text, CASE p.relation WHEN 'dependant_of' THEN 'dependant' ELSE 'own' END], count(*)
FROM covered c JOIN person p USING (subject)
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT ARRAY['postal_address'], choices, minor, relation, residence, ARRAY['living', residence], count(*)
FROM now GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT ARRAY['itinerary'], n.choices, n.minor, n.relation, n.residence, ARRAY['travelling', t.country], count(*)
FROM now n
JOIN LATERAL (
    SELECT country FROM people_stay
    WHERE subject = n.subject AND organisation = %(client)s AND since <= n.last AND until >= n.first
    ORDER BY since, country LIMIT 1
) t ON true
GROUP BY 1, 2, 3, 4, 5, 6

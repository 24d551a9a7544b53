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
-- that a rule may ask about. Each step finds its rows by subject, also where the planner has no figures of the tables yet:
-- `|| ''` keeps it from reading all of the client's rows for each person.
WITH person AS (
    SELECT e.subject, e.since, e.until, s.choices, s.statement, s.answered, COALESCE(s.minor_until > %(today)s, false) AS minor, s.residence,
           COALESCE(r.kind, 'unknown') AS relation
    FROM people_entitlement e
    JOIN people_standing s ON s.subject = e.subject
    LEFT JOIN LATERAL (
        SELECT kind FROM people_relation
        WHERE subject = e.subject AND organisation || '' = %(client)s ORDER BY since DESC, kind LIMIT 1
    ) r ON true
    WHERE e.organisation = %(client)s
), covered AS (
    SELECT DISTINCT month.first, month.last, p.subject, p.choices, p.statement, p.answered, p.minor, p.relation, p.residence
    FROM person p JOIN unnest(%(firsts)s::date[], %(lasts)s::date[]) AS month (first, last)
      ON p.since <= month.last AND COALESCE(p.until >= month.first, true)
)
SELECT ARRAY['entitlement'], choices, statement, answered, minor, relation, residence,
       ARRAY['covered', first::text, CASE relation WHEN 'dependant_of' THEN 'dependant' ELSE 'own' END], count(*)
FROM covered GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
UNION ALL
SELECT ARRAY['postal_address'], choices, statement, answered, minor, relation, residence, ARRAY['living', residence], count(*)
FROM covered WHERE first = %(month)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
UNION ALL
SELECT ARRAY['itinerary'], c.choices, c.statement, c.answered, c.minor, c.relation, c.residence, ARRAY['travelling', t.country], count(*)
FROM covered c
JOIN LATERAL (
    SELECT country FROM people_stay
    WHERE subject = c.subject AND organisation || '' = %(client)s AND since <= c.last AND until >= c.first
    ORDER BY since, country LIMIT 1
) t ON true
WHERE c.first = %(month)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8

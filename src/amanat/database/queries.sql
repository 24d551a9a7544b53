-- name: server
-- The server's version and identity, and who is asking.
SELECT current_setting('server_version_num')::int, system_identifier::text, current_setting('server_version')
  FROM pg_control_system();

-- name: settings
-- The settings that durability and silent logs rest on, as they are in this session.
SELECT name, setting FROM pg_settings WHERE name = ANY(%s);

-- name: roles
-- What a log-in may do beyond its grants, and whether it acts for the owner of the database.
SELECT r.rolname, r.rolcanlogin, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
       pg_has_role(r.oid, d.datdba, 'USAGE'), has_schema_privilege(r.oid, 'public', 'CREATE')
  FROM pg_roles r CROSS JOIN pg_database d
 WHERE r.rolname = ANY(%s) AND d.datname = current_database();

-- name: owner
SELECT r.rolname, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, %s, 'USAGE')
  FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba
 WHERE d.datname = current_database();

-- name: strangers
-- Whether a role that was given nothing may connect to this database or make tables in it.
SELECT EXISTS (SELECT 1 FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                WHERE d.datname = current_database() AND a.grantee = 0 AND a.privilege_type = 'CONNECT'),
       EXISTS (SELECT 1 FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
                WHERE n.nspname = 'public' AND a.grantee = 0 AND a.privilege_type = 'CREATE');

-- name: open tables
-- Tables with rows about a person (they have a column `subject`) or with row security that is not forced, or without
-- the policy that lets a migration and a backup see every row.
SELECT c.relname
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND (c.relrowsecurity
        OR EXISTS (SELECT 1 FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'subject' AND NOT a.attisdropped))
   AND NOT (c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'migration'))
 ORDER BY c.relname;

-- name: tables
-- Every table with data, for a backup to count.
SELECT c.relname
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
 ORDER BY c.relname;

-- name: organisation_by_code :maybe
-- The organisation of a short name, as typed when signing in.
-- param code text
SELECT id, code, kind, name_zh, name_en, zone_minutes, invented FROM organisation WHERE code = $1;

-- name: organisation_by_id :one
-- One organisation.
-- param id int64
SELECT id, code, kind, name_zh, name_en, zone_minutes, invented FROM organisation WHERE id = $1;

-- name: organisation_list :many
-- Organisations by their short names.
-- param limit int64
SELECT id, code, kind, name_zh, name_en, invented FROM organisation ORDER BY code LIMIT $1;

-- name: organisation_insert :change
-- Enters an organisation.
-- param id int64
-- param code text
-- param kind text
-- param name_zh text
-- param name_en text
-- param zone_minutes int64
-- param invented bool
-- param created_ms int64
INSERT INTO organisation (id, code, kind, name_zh, name_en, zone_minutes, invented, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: person_insert :change
-- Enters a person.
-- param id int64
-- param home int64
-- param number text
-- param name text
-- param sort_key bytes
-- param created_ms int64
INSERT INTO person (id, home, number, name, sort_key, version, created_ms)
VALUES ($1, $2, $3, $4, $5, 1, $6);

-- name: credential_insert :change
-- Gives a person a first password.
-- param person int64
-- param password_hash text
-- param must_change bool
-- param changed_ms int64
INSERT INTO credential (person, password_hash, must_change, changed_ms) VALUES ($1, $2, $3, $4);

-- name: credential_by_number :maybe
-- What signing in with an organisation's number is checked against.
-- param home int64
-- param number text
SELECT p.id, p.name, p.disabled_ms, c.password_hash, c.must_change
FROM person AS p JOIN credential AS c ON c.person = p.id
WHERE p.home = $1 AND p.number = $2;

-- name: credential_change :change
-- Replaces a password.
-- param person int64
-- param password_hash text
-- param changed_ms int64
UPDATE credential SET password_hash = $2, must_change = FALSE, changed_ms = $3 WHERE person = $1;

-- name: session_insert :change
-- Begins a session.
-- param token_hash bytes
-- param id int64
-- param person int64
-- param organisation int64
-- param created_ms int64
-- param expires_ms int64
INSERT INTO session (token_hash, id, person, organisation, created_ms, seen_ms, expires_ms)
VALUES ($1, $2, $3, $4, $5, $5, $6);

-- name: session_by_token :maybe
-- Who stands behind a cookie that has not run out, of a person who may sign in.
-- param token_hash bytes
-- param now_ms int64
SELECT s.id, s.person, s.organisation, s.seen_ms, p.name
FROM session AS s JOIN person AS p ON p.id = s.person
WHERE s.token_hash = $1 AND s.expires_ms > $2 AND p.disabled_ms IS NULL;

-- name: session_end :exec
-- Ends one session of a person.
-- param person int64
-- param id int64
DELETE FROM session WHERE person = $1 AND id = $2;

-- name: session_end_all :exec
-- Ends every session of a person: a disabled person is out at once.
-- param person int64
DELETE FROM session WHERE person = $1;

-- name: session_list :many
-- The open sessions of a person, newest first.
-- param person int64
-- param now_ms int64
-- param limit int64
SELECT id, organisation, created_ms, seen_ms, expires_ms FROM session
WHERE person = $1 AND expires_ms > $2 ORDER BY id DESC LIMIT $3;

-- name: api_token_insert :change
-- Makes a token.
-- param token_hash bytes
-- param id int64
-- param person int64
-- param organisation int64
-- param name text
-- param may_write bool
-- param created_ms int64
-- param expires_ms int64
INSERT INTO api_token (token_hash, id, person, organisation, name, may_write, created_ms, expires_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: api_token_by_hash :maybe
-- Whose rights a token that has not run out carries.
-- param token_hash bytes
-- param now_ms int64
SELECT t.id, t.person, t.organisation, t.may_write, p.name
FROM api_token AS t JOIN person AS p ON p.id = t.person
WHERE t.token_hash = $1 AND t.expires_ms > $2 AND p.disabled_ms IS NULL;

-- name: api_token_list :many
-- A person's tokens, newest first.
-- param person int64
-- param limit int64
SELECT id, name, may_write, created_ms, expires_ms FROM api_token
WHERE person = $1 ORDER BY id DESC LIMIT $2;

-- name: api_token_end :exec
-- Ends a token.
-- param person int64
-- param id int64
DELETE FROM api_token WHERE person = $1 AND id = $2;

-- name: membership_roles :many
-- The roles a person has in an organisation now.
-- param tenant int64
-- param person int64
-- whole: a person has at most one membership a role
SELECT id, role, created_ms FROM membership
WHERE tenant = $1 AND person = $2 AND ended_ms IS NULL ORDER BY id;

-- name: membership_organisations :many
-- The organisations a person belongs to now, for choosing where a session acts.
-- param person int64
-- param limit int64
-- site: signing in has no tenant yet
SELECT DISTINCT o.id, o.code, o.name_zh, o.name_en
FROM membership AS m JOIN organisation AS o ON o.id = m.tenant
WHERE m.person = $1 AND m.ended_ms IS NULL ORDER BY o.code LIMIT $2;

-- name: membership_insert :change
-- Gives a person a role in an organisation.
-- param tenant int64
-- param id int64
-- param person int64
-- param role text
-- param created_ms int64
INSERT INTO membership (tenant, id, person, role, created_ms) VALUES ($1, $2, $3, $4, $5);

-- name: membership_end :change
-- Ends one membership; ending it twice is refused as stale.
-- param tenant int64
-- param id int64
-- param ended_ms int64
UPDATE membership SET ended_ms = $3 WHERE tenant = $1 AND id = $2 AND ended_ms IS NULL;

-- name: person_in_tenant :maybe
-- A person, if a member of this organisation now or once.
-- param tenant int64
-- param person int64
SELECT p.id, p.home, p.number, p.name, p.version, p.disabled_ms, p.created_ms, m.current
FROM member AS m JOIN person AS p ON p.id = m.person
WHERE m.tenant = $1 AND m.person = $2;

-- name: member_put :change
-- Makes a person a member, or a member again.
-- param tenant int64
-- param person int64
-- param sort_key bytes
INSERT INTO member (tenant, person, sort_key, current) VALUES ($1, $2, $3, TRUE)
ON CONFLICT (tenant, person) DO UPDATE SET sort_key = excluded.sort_key, current = TRUE;

-- name: member_settle :change
-- Notes whether a person still has a role here.
-- param tenant int64
-- param person int64
UPDATE member SET current = EXISTS (
    SELECT 1 FROM membership AS r WHERE r.tenant = $1 AND r.person = $2 AND r.ended_ms IS NULL)
WHERE tenant = $1 AND person = $2;

-- name: member_page :many
-- Members of an organisation by name, after a place in that order.
-- param tenant int64
-- param after_key bytes
-- param after_person int64
-- param limit int64
SELECT m.person, p.number, p.name, p.disabled_ms
FROM member AS m JOIN person AS p ON p.id = m.person
WHERE m.tenant = $1 AND m.current = TRUE
  AND (m.sort_key, m.person) > ($2, $3)
ORDER BY m.sort_key, m.person LIMIT $4;

-- name: person_disable :change
-- From now on the person may not sign in. A stale page is refused.
-- param person int64
-- param version int64
-- param disabled_ms int64 null
UPDATE person SET disabled_ms = $3, version = version + 1 WHERE id = $1 AND version = $2;

-- name: person_by_number :maybe
-- Whose number this is at home.
-- param home int64
-- param number text
SELECT id, name FROM person WHERE home = $1 AND number = $2;

-- name: person_sort_key :one
-- A person's place in the order of names.
-- param id int64
SELECT sort_key FROM person WHERE id = $1;

-- name: membership_by_id :one
-- One membership of an organisation.
-- param tenant int64
-- param id int64
SELECT person, role, ended_ms FROM membership WHERE tenant = $1 AND id = $2;

-- name: member_place :maybe
-- Where a member stands in the order of names.
-- param tenant int64
-- param person int64
SELECT sort_key FROM member WHERE tenant = $1 AND person = $2;

-- name: administrator_count :one
-- How many people administer an organisation now.
-- param tenant int64
-- result people int64
SELECT count(DISTINCT person) AS people FROM membership
WHERE tenant = $1 AND role = 'administrator' AND ended_ms IS NULL;

-- name: credential_of :one
-- What a person's password is checked against.
-- param person int64
SELECT password_hash, must_change FROM credential WHERE person = $1;

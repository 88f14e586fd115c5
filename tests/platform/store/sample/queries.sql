-- Statements of a room that exists for tests alone: each kind, each type, each rule once.

-- name: club_insert :change
-- Enters a club.
-- param id id
-- param name text
INSERT INTO club (id, name) VALUES ($1, $2);

-- name: club_by_id :one
-- One club.
-- param id id
SELECT id, name, open FROM club WHERE id = $1;

-- name: club_by_name :maybe
-- The club of that name.
-- param name text
SELECT id FROM club WHERE name = $1;

-- name: thing_insert :change
-- Enters a thing.
-- param tenant id
-- param id id
-- param name text
-- param weight real8 null
-- param lent bool
-- param mark bytes null
-- param seen_ms int64 null
INSERT INTO thing (tenant, id, name, weight, lent, mark, seen_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: thing_by_id :maybe
-- One thing.
-- param tenant id
-- param id id
SELECT name, uses FROM thing WHERE tenant = $1 AND id = $2;

-- name: thing_list :many
-- Things of a club by name.
-- param tenant id
-- param limit int64
SELECT id, name, weight, lent, mark, uses, seen_ms FROM thing
WHERE tenant = $1 ORDER BY name, id LIMIT $2;

-- name: thing_use :change
-- Counts one more use.
-- param tenant id
-- param id id
-- param uses int64
UPDATE thing SET uses = uses + 1 WHERE tenant = $1 AND id = $2 AND uses = $3;

-- name: thing_clear :exec
-- Removes the things that were never used.
-- param tenant id
DELETE FROM thing WHERE tenant = $1 AND uses = 0;

-- name: loan_insert :change
-- Lends a thing.
-- param tenant id
-- param id id
-- param thing id
-- param person text
-- param days int64
INSERT INTO loan (tenant, id, thing, person, days) VALUES ($1, $2, $3, $4, $5);

-- name: loan_insert_again :exec
-- Lends a thing, or prolongs the loan.
-- param tenant id
-- param id id
-- param thing id
-- param person text
-- param days int64
INSERT INTO loan (tenant, id, thing, person, days) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant, id) DO UPDATE SET days = loan.days + excluded.days;

-- name: thing_loans :many
-- Things with their loans, if any.
-- param tenant id
-- param limit int64
-- result person text null
-- result days int64 null
SELECT t.id, t.name, l.person, l.days
FROM thing AS t LEFT JOIN loan AS l ON l.tenant = $1 AND l.thing = t.id
WHERE t.tenant = $1 ORDER BY t.id, l.id NULLS FIRST LIMIT $2;

-- name: loan_days :one
-- Days lent in all, and the mean.
-- param tenant id
-- result loans int64
-- result days int64 null
-- result mean real8 null
SELECT count(*) AS loans, sum64(days) AS days,
       CAST(sum64(days) AS REAL8) / count(*) AS mean
FROM loan WHERE tenant = $1;

-- name: club_sizes :many
-- How many things each club has.
-- site: the clubs' office looks at all of them
-- param least int64
-- param limit int64
-- result things int64
WITH counted AS (SELECT tenant, count(*) AS things FROM thing GROUP BY tenant)
SELECT c.id, c.name, n.things
FROM club AS c JOIN counted AS n ON n.tenant = c.id
WHERE n.things >= $1 ORDER BY things DESC, c.id LIMIT $2;

-- name: thing_names :many
-- Names of things and of people who hold them.
-- param tenant id
-- whole: a test's club is small
-- result name text
SELECT t.name FROM thing AS t WHERE t.tenant = $1
UNION SELECT l.person FROM loan AS l WHERE l.tenant = $1 AND EXISTS (
    SELECT 1 FROM thing AS o WHERE o.tenant = $1 AND o.id = l.thing)
ORDER BY name;

-- name: job_insert :change
-- Enters a job that waits.
-- param tenant id
-- param id id
-- param kind text
-- param arguments text
-- param once_key text
-- param person id
-- param due_ms int64
-- param created_ms int64
INSERT INTO job (tenant, id, kind, arguments, once_key, person, state, done, total, attempts, turn,
                 due_ms, cancel_asked, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, 0, 0, 0, $7, FALSE, $8);

-- name: job_by_once_key :maybe
-- The job that was asked for with this key.
-- param tenant id
-- param kind text
-- param once_key text
SELECT id, state FROM job WHERE tenant = $1 AND kind = $2 AND once_key = $3;

-- name: job_due_list :many
-- Jobs that a worker may take up, the longest due first: waiting ones whose time has come, and
-- running ones whose worker has not been heard of.
-- param now_ms int64
-- param limit int64
-- site: workers serve all organisations
SELECT tenant, id, kind, arguments, once_key, person, state, attempts, turn, cancel_asked, done, total
FROM job WHERE due_ms <= $1 ORDER BY due_ms NULLS FIRST, tenant, id LIMIT $2;

-- name: job_due_next :one
-- When the next job is due; null: none waits or runs.
-- result due_ms int64 null
-- site: workers serve all organisations
SELECT min(due_ms) AS due_ms FROM job WHERE due_ms IS NOT NULL;

-- name: job_mark_begun :change
-- A worker takes the job up and holds it for a while.
-- param tenant id
-- param id id
-- param turn int64
-- param due_ms int64
-- param started_ms int64
UPDATE job SET state = 'running', attempts = attempts + 1, turn = turn + 1, due_ms = $4,
    started_ms = $5 WHERE tenant = $1 AND id = $2 AND turn = $3;

-- name: job_mark_held :exec
-- The worker is still at it, and has come so far.
-- param tenant id
-- param id id
-- param turn int64
-- param due_ms int64
-- param done int64
-- param total int64
UPDATE job SET due_ms = $4, done = $5, total = $6
WHERE tenant = $1 AND id = $2 AND turn = $3 AND state = 'running';

-- name: job_held :maybe
-- Whether a running job is to stop; not found: it is no longer this worker's.
-- param tenant id
-- param id id
-- param turn int64
SELECT cancel_asked FROM job WHERE tenant = $1 AND id = $2 AND turn = $3 AND state = 'running';

-- name: job_mark_ended :exec
-- A job's worker has ended with this outcome; due_ms is for one that will be tried again.
-- param tenant id
-- param id id
-- param turn int64
-- param state text
-- param done int64
-- param total int64
-- param due_ms int64 null
-- param ended_ms int64 null
-- param error_code text null
-- param error_place text null
-- param error_arguments text null
-- param result text null
UPDATE job SET state = $4, done = $5, total = $6, due_ms = $7, ended_ms = $8, error_code = $9,
    error_place = $10, error_arguments = $11, result = $12
WHERE tenant = $1 AND id = $2 AND turn = $3 AND state = 'running';

-- name: job_mark_given_back :exec
-- The program ends: another one may take the job up at once, and this attempt does not count.
-- param tenant id
-- param id id
-- param turn int64
-- param due_ms int64
-- param done int64
-- param total int64
UPDATE job SET state = 'waiting', attempts = attempts - 1, due_ms = $4, done = $5, total = $6
WHERE tenant = $1 AND id = $2 AND turn = $3 AND state = 'running';

-- name: job_mark_refused :exec
-- A due job is ended without being taken up.
-- param tenant id
-- param id id
-- param turn int64
-- param state text
-- param ended_ms int64
-- param error_code text null
-- param error_place text null
-- param error_arguments text null
UPDATE job SET state = $4, due_ms = NULL, ended_ms = $5, error_code = $6, error_place = $7,
    error_arguments = $8
WHERE tenant = $1 AND id = $2 AND turn = $3 AND due_ms IS NOT NULL;

-- name: job_mark_cancelled :change
-- A waiting job is ended, a running one is asked to stop; one that has ended is refused as stale.
-- param tenant id
-- param id id
-- param now_ms int64
UPDATE job SET cancel_asked = TRUE,
    due_ms = CASE WHEN state = 'waiting' THEN NULL ELSE due_ms END,
    ended_ms = CASE WHEN state = 'waiting' THEN $3 ELSE ended_ms END,
    state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END
WHERE tenant = $1 AND id = $2 AND due_ms IS NOT NULL;

-- name: job_mark_retried :change
-- A failed or cancelled job waits again, with all its attempts; any other is refused as stale.
-- param tenant id
-- param id id
-- param now_ms int64
UPDATE job SET state = 'waiting', attempts = 0, cancel_asked = FALSE, due_ms = $3, ended_ms = NULL
WHERE tenant = $1 AND id = $2 AND state IN ('failed', 'cancelled');

-- name: job_by_id :one
-- One job, for its page.
-- param tenant id
-- param id id
SELECT id, kind, arguments, person, state, done, total, attempts, due_ms, cancel_asked, error_code,
    error_place, error_arguments, result, created_ms, started_ms, ended_ms
FROM job WHERE tenant = $1 AND id = $2;

-- name: job_list :many
-- Jobs of an organisation, newest first, from before an id on.
-- param tenant id
-- param before id
-- param limit int64
SELECT id, kind, person, state, done, total, attempts, due_ms, error_code, error_place,
    error_arguments, created_ms, ended_ms
FROM job WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: job_open_list :many
-- Jobs of an organisation that wait or run, oldest first.
-- param tenant id
-- param limit int64
SELECT id, kind, person, state, done, total, attempts, due_ms, created_ms
FROM job WHERE tenant = $1 AND due_ms IS NOT NULL ORDER BY id LIMIT $2;

-- name: job_failed_list :many
-- Jobs of an organisation that failed, newest first.
-- param tenant id
-- param limit int64
SELECT id, kind, person, attempts, error_code, error_place, error_arguments, created_ms, ended_ms
FROM job WHERE tenant = $1 AND state = 'failed' ORDER BY id DESC LIMIT $2;

-- name: effect_insert :change
-- Notes that a job has done its work.
-- param tenant id
-- param id id
-- param job id
INSERT INTO effect (tenant, id, job) VALUES ($1, $2, $3);

-- name: effect_count :one
-- How often a job has done its work.
-- param tenant id
-- param job id
-- result times int64
SELECT count(*) AS times FROM effect WHERE tenant = $1 AND job = $2;

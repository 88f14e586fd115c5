-- name: run_insert :change
-- Enters a run whose folder is being put in place.
-- param tenant id
-- param id id
-- param title text
-- param folder_name text
-- param record text
-- param scenario_id text
-- param scenario_en text
-- param scenario_zh text
-- param invented bool
-- param seed_commitment text
-- param engine_version int64
-- param level int64
-- param rounds int64
-- param round_days int64
-- param firms int64
-- param start_day int64
-- param added_ms int64
INSERT INTO run (tenant, id, title, folder_name, record, scenario_id, scenario_en, scenario_zh,
                 invented, seed_commitment, engine_version, level, rounds, round_days, firms,
                 start_day, added_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: run_by_record :maybe
-- The run that has the same record, if it was added before.
-- param tenant id
-- param record text
SELECT id, title FROM run WHERE tenant = $1 AND record = $2;

-- name: run_by_id :maybe
-- One run.
-- param tenant id
-- param id id
SELECT id, title, folder_name, scenario_id, scenario_en, scenario_zh, invented, seed_commitment,
       engine_version, level, rounds, round_days, firms, start_day, added_ms
FROM run WHERE tenant = $1 AND id = $2;

-- name: run_page :many
-- Runs of an organisation, the newest first, from before an id on.
-- param tenant id
-- param before id
-- param limit int64
SELECT id, title, scenario_en, scenario_zh, invented, level, rounds, firms, added_ms
FROM run WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: run_count :one
-- How many runs an organisation has.
-- param tenant id
-- result runs int64
SELECT count(*) AS runs FROM run WHERE tenant = $1;

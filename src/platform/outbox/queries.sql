-- name: outbox_insert :change
-- Enters a message.
-- param tenant id
-- param id id
-- param channel text
-- param recipient text
-- param robot id null
-- param subject text
-- param body text
-- param language text
-- param state text
-- param next_ms int64 null
-- param error_code text null
-- param error_detail text null
-- param created_ms int64
-- param ended_ms int64 null
INSERT INTO outbox_message (tenant, id, channel, recipient, robot, subject, body, language, state,
    attempts, turn, next_ms, error_code, error_detail, created_ms, ended_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10, $11, $12, $13, $14);

-- name: outbox_due :maybe
-- The message that has been due longest, with all that sending it needs.
-- param now_ms int64
-- site: one sender serves all organisations
SELECT tenant, id, channel, recipient, robot, subject, body, language, attempts, turn, message_id, created_ms
FROM outbox_message WHERE next_ms <= $1 ORDER BY next_ms NULLS FIRST, tenant, id LIMIT 1;

-- name: outbox_next :one
-- When the next message is due; null: none is.
-- result next_ms int64 null
-- site: one sender serves all organisations
SELECT min(next_ms) AS next_ms FROM outbox_message WHERE next_ms IS NOT NULL;

-- name: outbox_mark_tried :change
-- An attempt begins; should the program end in it, the message is due again at next_ms.
-- param tenant id
-- param id id
-- param turn int64
-- param next_ms int64
-- param message_id text null
UPDATE outbox_message SET attempts = attempts + 1, turn = turn + 1, next_ms = $4, message_id = $5
WHERE tenant = $1 AND id = $2 AND turn = $3 AND state = 'waiting';

-- name: outbox_mark_outcome :exec
-- What came of an attempt.
-- param tenant id
-- param id id
-- param turn int64
-- param state text
-- param next_ms int64 null
-- param error_code text null
-- param error_detail text null
-- param ended_ms int64 null
UPDATE outbox_message SET state = $4, next_ms = $5, error_code = $6, error_detail = $7, ended_ms = $8
WHERE tenant = $1 AND id = $2 AND turn = $3 AND state = 'waiting';

-- name: outbox_mark_copied :change
-- A person has copied the message and says that it was sent; refused as stale when it was sent.
-- param tenant id
-- param id id
-- param now_ms int64
UPDATE outbox_message SET state = 'copied', next_ms = NULL, ended_ms = $3
WHERE tenant = $1 AND id = $2 AND state IN ('waiting', 'failed', 'bounced');

-- name: outbox_mark_retried :change
-- A message that was given up, or waits for a person, is tried again; not one that is only to be copied.
-- param tenant id
-- param id id
-- param now_ms int64
UPDATE outbox_message SET state = 'waiting', attempts = 0, next_ms = $3, ended_ms = NULL
WHERE tenant = $1 AND id = $2 AND channel <> 'copy'
  AND (state IN ('failed', 'bounced') OR (state = 'waiting' AND next_ms IS NULL));

-- name: outbox_by_id :one
-- One message, for its page and for copying.
-- param tenant id
-- param id id
SELECT id, channel, recipient, robot, subject, body, language, state, attempts, next_ms, error_code,
    error_detail, message_id, created_ms, ended_ms
FROM outbox_message WHERE tenant = $1 AND id = $2;

-- name: outbox_list :many
-- Messages of an organisation in one state, newest first, from before an id on.
-- param tenant id
-- param state text
-- param before id
-- param limit int64
SELECT id, channel, recipient, subject, language, state, attempts, next_ms, error_code, error_detail,
    created_ms, ended_ms
FROM outbox_message WHERE tenant = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: outbox_by_hand_list :many
-- Messages that wait for a person to copy them, oldest first.
-- param tenant id
-- param limit int64
SELECT id, channel, recipient, subject, body, language, error_code, error_detail, created_ms
FROM outbox_message WHERE tenant = $1 AND state = 'waiting' AND next_ms IS NULL ORDER BY id LIMIT $2;

-- name: outbox_trouble_list :many
-- Messages that were given up or came back, newest first.
-- param tenant id
-- param limit int64
SELECT id, channel, recipient, subject, state, attempts, error_code, error_detail, created_ms, ended_ms
FROM outbox_message WHERE tenant = $1 AND state IN ('failed', 'bounced') ORDER BY id DESC LIMIT $2;

-- name: outbox_counts :many
-- How many messages of an organisation stand in each state.
-- param tenant id
-- result messages int64
-- whole: there are five states
SELECT state, count(*) AS messages FROM outbox_message WHERE tenant = $1 GROUP BY state ORDER BY state;

-- name: outbox_bounce_put :change
-- Marks an address that the server does not know.
-- param tenant id
-- param address text
-- param message id
-- param detail text
-- param bounced_ms int64
INSERT INTO outbox_bounce (tenant, address, message, detail, bounced_ms) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant, address) DO UPDATE SET message = excluded.message, detail = excluded.detail,
    bounced_ms = excluded.bounced_ms;

-- name: outbox_bounce_of :maybe
-- Why an address is not written to.
-- param tenant id
-- param address text
SELECT message, detail, bounced_ms FROM outbox_bounce WHERE tenant = $1 AND address = $2;

-- name: outbox_bounce_remove :exec
-- The address may be written to again.
-- param tenant id
-- param address text
DELETE FROM outbox_bounce WHERE tenant = $1 AND address = $2;

-- name: outbox_bounce_list :many
-- Addresses that are not written to.
-- param tenant id
-- param limit int64
SELECT address, message, detail, bounced_ms FROM outbox_bounce
WHERE tenant = $1 ORDER BY address LIMIT $2;

-- name: outbox_robot_insert :change
-- Enters a group robot.
-- param tenant id
-- param id id
-- param channel text
-- param name text
-- param address text
-- param secret text
-- param created_ms int64
INSERT INTO outbox_robot (tenant, id, channel, name, address, secret, created_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: outbox_robot_end :change
-- Takes a robot out: nothing is sent to it any more.
-- param tenant id
-- param id id
-- param ended_ms int64
UPDATE outbox_robot SET ended_ms = $3, address = '', secret = ''
WHERE tenant = $1 AND id = $2 AND ended_ms IS NULL;

-- name: outbox_robot_list :many
-- The robots of an organisation, without address and secret.
-- param tenant id
-- param limit int64
SELECT id, channel, name, created_ms FROM outbox_robot
WHERE tenant = $1 AND ended_ms IS NULL ORDER BY id LIMIT $2;

-- name: outbox_robot_name :maybe
-- Whose group a robot speaks in.
-- param tenant id
-- param id id
SELECT channel, name FROM outbox_robot WHERE tenant = $1 AND id = $2 AND ended_ms IS NULL;

-- name: outbox_robot_secrets :maybe
-- What the sender needs of a robot; nobody else asks.
-- param tenant id
-- param id id
SELECT channel, address, secret FROM outbox_robot WHERE tenant = $1 AND id = $2 AND ended_ms IS NULL;

-- Messages that leave after a commit, one row a message; it stays after its end.
CREATE TABLE outbox_message (
    tenant ID NOT NULL,        -- organisation that speaks
    id ID NOT NULL,            -- made by the program
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'wecom', 'dingtalk', 'feishu', 'copy')), -- by which it leaves
    recipient TEXT NOT NULL,   -- mail: the address; copy: who it is for, in words; robots: the robot's name
    robot ID,                  -- which robot; null: not by a robot
    subject TEXT NOT NULL,     -- one line
    body TEXT NOT NULL,        -- plain text
    language TEXT NOT NULL,    -- of subject and body: zh or en
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'bounced', 'copied')), -- where it stands
    attempts INT64 NOT NULL,   -- tried so often, since it was entered or since a retry by hand
    turn INT64 NOT NULL,       -- tried so often at all: tells a late answer from a later attempt
    next_ms INT64,             -- when the sender looks at it; null: it waits for a person, or has ended
    error_code TEXT,           -- name of the last error
    error_detail TEXT,         -- what the other side said
    message_id TEXT,           -- of a mail, the same at each attempt; null: none was made yet
    created_ms INT64 NOT NULL, -- when it was entered, UTC
    ended_ms INT64,            -- when it was sent, copied or given up, UTC
    KEY(tenant, id)
);
CREATE INDEX outbox_message_by_next ON outbox_message (next_ms);
CREATE INDEX outbox_message_by_state ON outbox_message (tenant, state, id);

-- Addresses that a mail server does not know: later messages to them are not tried.
CREATE TABLE outbox_bounce (
    tenant ID NOT NULL,        -- organisation whose message came back
    address TEXT NOT NULL,     -- the mail address, in small letters
    message ID NOT NULL,       -- the message that came back
    detail TEXT NOT NULL,      -- what the server said
    bounced_ms INT64 NOT NULL, -- when, UTC
    KEY(tenant, address)
);

-- Group robots of an organisation. Address and secret let anyone speak in the group: they are never listed.
CREATE TABLE outbox_robot (
    tenant ID NOT NULL,        -- organisation whose group it is
    id ID NOT NULL,            -- made by the program
    channel TEXT NOT NULL CHECK (channel IN ('wecom', 'dingtalk', 'feishu')), -- the platform
    name TEXT NOT NULL,        -- the group, in people's words
    address TEXT NOT NULL,     -- the webhook's https address, with its token
    secret TEXT NOT NULL,      -- key of its signature; empty: it asks for none
    created_ms INT64 NOT NULL, -- when it was entered, UTC
    ended_ms INT64,            -- when it was taken out, UTC; the row stays
    KEY(tenant, id)
);

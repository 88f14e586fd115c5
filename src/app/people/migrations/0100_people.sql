-- Organisations: colleges, enterprises, institutes and contests. Each is a tenant and owns rows.
CREATE TABLE organisation (
    id ID NOT NULL,               -- made by the program
    code TEXT NOT NULL,           -- short name typed when signing in: lower-case letters, digits, "-"
    kind TEXT NOT NULL,           -- college, enterprise, institute or contest
    name_zh TEXT NOT NULL,        -- name in Chinese
    name_en TEXT NOT NULL,        -- name in English
    zone_minutes INT64 NOT NULL,  -- its clock, minutes east of UTC
    invented BOOL NOT NULL,       -- true for the demonstration's organisations
    created_ms INT64 NOT NULL,    -- when it was entered, UTC
    KEY(id)
);
CREATE UNIQUE INDEX organisation_by_code ON organisation (code);

-- People of all organisations; what they may do stands in their memberships.
CREATE TABLE person (
    id ID NOT NULL,             -- made by the program
    home ID NOT NULL,           -- organisation whose number the person signs in with
    number TEXT NOT NULL,       -- student or staff number at home
    name TEXT NOT NULL,         -- as written, never split
    sort_key BYTES NOT NULL,    -- order among names (pinyin first), computed by the program
    version INT64 NOT NULL,     -- counts saves of the row
    disabled_ms INT64,          -- since when the person may not sign in, UTC
    created_ms INT64 NOT NULL,  -- when the person was entered, UTC
    KEY(id)
);
CREATE UNIQUE INDEX person_by_number ON person (home, number);

-- Secrets by which people prove who they are. Only this room reads them.
CREATE TABLE credential (
    person ID NOT NULL,         -- whose
    password_hash TEXT NOT NULL, -- argon2id, as libsodium writes it
    must_change BOOL NOT NULL,  -- true until a password that was handed out has been replaced
    changed_ms INT64 NOT NULL,  -- last change, UTC
    KEY(person)
);

-- Signed-in browsers.
CREATE TABLE session (
    token_hash BYTES NOT NULL,  -- SHA-256 of the cookie's value
    id ID NOT NULL,             -- names the session in lists
    person ID NOT NULL,         -- who signed in
    organisation ID NOT NULL,     -- organisation the session acts in
    created_ms INT64 NOT NULL,  -- sign-in, UTC
    seen_ms INT64 NOT NULL,     -- last use, to the hour, UTC
    expires_ms INT64 NOT NULL,  -- end, UTC
    KEY(token_hash)
);
CREATE UNIQUE INDEX session_by_person ON session (person, id);

-- Who belongs to an organisation, once each, in the order of names: what lists are read from.
CREATE TABLE member (
    tenant ID NOT NULL,         -- the organisation
    person ID NOT NULL,         -- who
    sort_key BYTES NOT NULL,    -- the person's, repeated here so that a page of a list is one range
    current BOOL NOT NULL,      -- false when every role here has ended
    KEY(tenant, person)
);
CREATE UNIQUE INDEX member_by_name ON member (tenant, current, sort_key, person);

-- What a person is in an organisation; a person may be several things in several of them.
CREATE TABLE membership (
    tenant ID NOT NULL,         -- the organisation
    id ID NOT NULL,             -- made by the program
    person ID NOT NULL,         -- who
    role TEXT NOT NULL,         -- a name of roles.def
    created_ms INT64 NOT NULL,  -- begin, UTC
    ended_ms INT64,             -- end, UTC; the row stays
    KEY(tenant, id)
);
CREATE INDEX membership_by_person ON membership (tenant, person);
CREATE INDEX membership_of_person ON membership (person);

-- Tokens by which a person's own programs use the interface for programs.
CREATE TABLE api_token (
    token_hash BYTES NOT NULL,  -- SHA-256 of the token, which is shown once
    id ID NOT NULL,             -- names the token in lists
    person ID NOT NULL,         -- whose rights it carries
    organisation ID NOT NULL,     -- organisation it acts in
    name TEXT NOT NULL,         -- what it is for, in the person's words
    may_write BOOL NOT NULL,    -- false: it only reads
    created_ms INT64 NOT NULL,  -- when it was made, UTC
    expires_ms INT64 NOT NULL,  -- end, UTC
    KEY(token_hash)
);
CREATE UNIQUE INDEX api_token_by_person ON api_token (person, id);

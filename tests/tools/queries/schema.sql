-- Sites' people.
CREATE TABLE person (
    id ID NOT NULL,         -- made by the program
    name TEXT NOT NULL,     -- as written
    born INT64,             -- year, if told
    KEY(id)
);
-- Clubs' members.
CREATE TABLE member (
    tenant ID NOT NULL,     -- club
    id ID NOT NULL,         -- made by the program
    person ID NOT NULL,     -- who
    role TEXT NOT NULL,     -- what for
    ended_ms INT64,         -- since when no more
    paid BOOL NOT NULL,     -- this year
    KEY(tenant, id)
);
-- Clubs' notes about members.
CREATE TABLE note (
    tenant ID NOT NULL,     -- club
    id ID NOT NULL,         -- made by the program
    member ID NOT NULL,     -- about whom
    body TEXT NOT NULL,     -- what
    weight REAL8,           -- how much it counts
    KEY(tenant, id)
);

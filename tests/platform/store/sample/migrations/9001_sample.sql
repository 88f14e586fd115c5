-- Clubs: tenants of this sample room.
CREATE TABLE club (
    id ID NOT NULL,        -- made by the program
    name TEXT NOT NULL,    -- as written
    KEY(id)
);
CREATE UNIQUE INDEX club_by_name ON club (name);

-- Things that a club lends, with one column of each type.
CREATE TABLE thing (
    tenant ID NOT NULL,             -- club that owns the row
    id ID NOT NULL,                 -- made by the program
    name TEXT NOT NULL,             -- as written
    weight REAL8,                   -- kilograms, when known
    lent BOOL NOT NULL,             -- true while it is out
    mark BYTES,                     -- its label's bytes
    uses INT64 NOT NULL DEFAULT 0,  -- how often it was lent
    seen_ms INT64,                  -- when last seen, UTC
    KEY(tenant, id)
);
CREATE INDEX thing_by_name ON thing (tenant, name);

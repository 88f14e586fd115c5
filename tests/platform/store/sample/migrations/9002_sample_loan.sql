-- Loans of things.
CREATE TABLE loan (
    tenant ID NOT NULL,    -- club that lends
    id ID NOT NULL,        -- made by the program
    thing ID NOT NULL,     -- what is lent
    person TEXT NOT NULL,  -- to whom
    days INT64 NOT NULL,   -- for how long
    CHECK (days > 0),
    FOREIGN KEY (tenant, thing) REFERENCES thing (tenant, id),
    KEY(tenant, id)
);
ALTER TABLE club ADD COLUMN open BOOL NOT NULL DEFAULT TRUE; -- may anyone join

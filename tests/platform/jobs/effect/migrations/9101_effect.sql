-- What jobs of the tests do: a row each time.
CREATE TABLE effect (
    tenant ID NOT NULL, -- the organisation
    id ID NOT NULL,     -- made by the program
    job ID NOT NULL,    -- whose work it is
    KEY(tenant, id)
);

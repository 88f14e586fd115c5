-- Long work in the background, one row a job; it stays after its end, with what came of it.
CREATE TABLE job (
    tenant ID NOT NULL,           -- organisation that the work is for
    id ID NOT NULL,               -- made by the program
    kind TEXT NOT NULL,           -- a name of the table of kinds that main hands over
    arguments TEXT NOT NULL,      -- JSON, read by the kind's function
    once_key TEXT NOT NULL,       -- asking twice with the same key makes one job; else the id in digits
    person ID NOT NULL,           -- who asked; 0: the program itself
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')), -- where it stands
    done INT64 NOT NULL,          -- progress: parts done
    total INT64 NOT NULL,         -- of so many; 0: not known yet
    attempts INT64 NOT NULL,      -- begun so often since it was asked for, or since a retry by hand
    turn INT64 NOT NULL,          -- begun so often at all: tells a late worker that it is no longer its job
    due_ms INT64,                 -- waiting: not before; running: until when the worker holds it; null: ended
    cancel_asked BOOL NOT NULL,   -- true when a running job is to stop
    error_code TEXT,              -- name of the last error, kept until it is done
    error_place TEXT,             -- its place
    error_arguments TEXT,         -- its arguments, JSON
    result TEXT,                  -- what the function left, in its own form
    created_ms INT64 NOT NULL,    -- when it was asked for, UTC
    started_ms INT64,             -- when it was begun last, UTC
    ended_ms INT64,               -- when it ended, UTC
    KEY(tenant, id)
);
CREATE UNIQUE INDEX job_by_key ON job (tenant, kind, once_key);
CREATE INDEX job_by_due ON job (due_ms);

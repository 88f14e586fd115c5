-- Played runs that an organisation may look at. The record itself lies in the data folder under
-- runs/<id>, as it was played; what pages show is made anew from it.
CREATE TABLE run (
    tenant ID NOT NULL,             -- organisation that may look at it
    id ID NOT NULL,                 -- made by the program; also the name of its folder
    title TEXT NOT NULL,            -- as given when it was added
    folder_name TEXT NOT NULL,      -- last part of the folder it came from
    record TEXT NOT NULL,           -- digest of run.json and digests.json, hex: the run's identity
    scenario_id TEXT NOT NULL,      -- short name of the scenario
    scenario_en TEXT NOT NULL,      -- its name in English
    scenario_zh TEXT NOT NULL,      -- its name in Chinese
    invented BOOL NOT NULL,         -- the world and its people are made up
    seed_commitment TEXT NOT NULL,  -- digest of the seed, hex
    engine_version INT64 NOT NULL,  -- of the engine that played it
    level INT64 NOT NULL,           -- of the scenario
    rounds INT64 NOT NULL,          -- played
    round_days INT64 NOT NULL,      -- days in a round
    firms INT64 NOT NULL,           -- in its world
    start_day INT64 NOT NULL,       -- first day of the world, days since 1970-01-01
    added_ms INT64 NOT NULL,        -- when it was added, UTC
    KEY(tenant, id)
);
CREATE UNIQUE INDEX run_by_record ON run (tenant, record);

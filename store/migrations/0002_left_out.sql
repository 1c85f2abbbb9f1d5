-- Links that the last crawl of a source saw and left out without asking for them:
-- too deep, not matching the source's pattern, or made by a trap. They are counted,
-- not kept as addresses: a pattern that is changed must find them new.
CREATE TABLE left_out (
    source  TEXT NOT NULL,
    reason  TEXT NOT NULL,                    -- one sentence
    count   INTEGER NOT NULL,
    example TEXT NOT NULL DEFAULT '',         -- one of the addresses
    PRIMARY KEY (source, reason)
) STRICT, WITHOUT ROWID;

-- Who is one person. What speaks for it is in sightings, what people decided in
-- people_fixed and people_ledger; aliases and quotes.person_id follow from both. The
-- program fills aliases and sightings of an older store when it first opens it.
ALTER TABLE people ADD COLUMN given TEXT NOT NULL DEFAULT '';          -- the name that somebody gave; empty: the fullest spelling
ALTER TABLE people ADD COLUMN given_fold TEXT NOT NULL DEFAULT '';     -- likewise, case and accents folded
ALTER TABLE people ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;         -- 1: the ledger names it, so it stays when it has no quote
CREATE INDEX people_by_given ON people (given_fold) WHERE given_fold <> '';

-- Spelling → person. What has one key at one firm is one person.
DROP TABLE aliases;
CREATE TABLE aliases (
    key       TEXT NOT NULL,                  -- tenor's key of the voice
    firm      TEXT NOT NULL,                  -- key of the firm it was seen with; empty: none
    spelling  TEXT NOT NULL,                  -- as an article wrote it
    fold      TEXT NOT NULL,                  -- the spelling, case and accents folded
    surname   TEXT NOT NULL,                  -- last word of it; empty for firms
    forename  TEXT NOT NULL,                  -- empty for a lone surname
    root      TEXT NOT NULL,                  -- of the firm's key, without words that are left out at times
    person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (key, firm, spelling)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_fold ON aliases (fold);
CREATE INDEX aliases_by_person ON aliases (person_id);
CREATE INDEX aliases_by_name ON aliases (surname, forename);
CREATE INDEX aliases_by_firm ON aliases (root, forename);

-- When and on what each name was heard, at which firm.
CREATE TABLE sightings (
    key     TEXT NOT NULL,
    firm    TEXT NOT NULL,
    year    INTEGER NOT NULL,                 -- 0: no day is known
    subject TEXT NOT NULL,                    -- the model's
    quotes  INTEGER NOT NULL,                 -- how many; never 0
    PRIMARY KEY (key, firm, year, subject)
) STRICT, WITHOUT ROWID;

-- Whose a name is because somebody said so, whatever else speaks for or against it.
CREATE TABLE people_fixed (
    key       TEXT NOT NULL,
    firm      TEXT NOT NULL,                  -- *: any that has no row of its own
    person_id INTEGER NOT NULL REFERENCES people,
    PRIMARY KEY (key, firm)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_fixed_by_person ON people_fixed (person_id);

-- What people decided, and how it was before.
CREATE TABLE people_ledger (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    why    TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('merge', 'split', 'rename', 'undo')),
    what   TEXT NOT NULL,                     -- in words, under the names of the time
    people TEXT NOT NULL,                     -- JSON list of their ids
    before TEXT NOT NULL,                     -- JSON: names, fixed and given as they were
    undone INTEGER REFERENCES people_ledger   -- the entry that took it back
) STRICT;

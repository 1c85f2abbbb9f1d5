-- Which names are one firm's or one outlet's, by evidence or because somebody said so, and
-- who is two people of one name. quotes and articles keep the firm and outlet as written.
-- The program fills what is below, and aliases, when it first opens an older store.
DELETE FROM aliases;
DROP TABLE sightings;
CREATE TABLE heard_names (
    id   INTEGER PRIMARY KEY,
    key  TEXT NOT NULL,                       -- tenor's key of the voice
    firm TEXT NOT NULL,                       -- its own key, whatever it is counted under; empty: none
    UNIQUE (key, firm)
) STRICT;
CREATE TABLE heard (
    name    INTEGER NOT NULL REFERENCES heard_names ON DELETE CASCADE,
    year    INTEGER NOT NULL,                 -- 0: no day is known
    subject TEXT NOT NULL,                    -- the model's
    quotes  INTEGER NOT NULL,                 -- how many; never 0
    months  INTEGER NOT NULL DEFAULT 0,       -- in which, a bit each, January the lowest
    roles   INTEGER NOT NULL DEFAULT 0,       -- in which, a bit for each (tenor.RoleBit)
    PRIMARY KEY (name, year, subject)
) STRICT, WITHOUT ROWID;
CREATE VIEW sightings AS
    SELECT n.key AS key, n.firm AS firm, h.year AS year, h.subject AS subject, h.quotes AS quotes, h.months AS months, h.roles AS roles
    FROM heard_names n CROSS JOIN heard h ON h.name = n.id;

ALTER TABLE firms ADD COLUMN root TEXT NOT NULL DEFAULT '';  -- the key without words that writers leave out
CREATE INDEX firms_by_root ON firms (root);

-- What single articles say for or against two keys being one firm's; a comes before b.
CREATE TABLE firm_ties (
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    a          TEXT NOT NULL,
    b          TEXT NOT NULL,
    against    INTEGER NOT NULL,
    PRIMARY KEY (article_id, a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX firm_ties_by_firm ON firm_ties (a, b, against);

-- On which hosts an outlet's name was read.
CREATE TABLE outlets (
    key  TEXT NOT NULL,
    host TEXT NOT NULL,                       -- empty: the article has no address
    PRIMARY KEY (key, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX outlets_by_host ON outlets (host);

-- Keys that are counted under another. It follows from the evidence and from joined_fixed.
CREATE TABLE joined (
    kind TEXT NOT NULL CHECK (kind IN ('firm', 'outlet')),
    key  TEXT NOT NULL,
    main TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX joined_by_main ON joined (kind, main);

-- What somebody said: keys with one main are one, with different ones are not.
CREATE TABLE joined_fixed (
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    main TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX joined_fixed_by_main ON joined_fixed (kind, main);

-- The name that somebody gave to what is counted under a key.
CREATE TABLE joined_named (
    kind TEXT NOT NULL,
    main TEXT NOT NULL,
    name TEXT NOT NULL,
    key  TEXT NOT NULL,                       -- of that name
    PRIMARY KEY (kind, main)
) STRICT, WITHOUT ROWID;

CREATE TABLE joined_ledger (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    why    TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('merge', 'split', 'rename', 'undo')),
    what   TEXT NOT NULL,                     -- in words, under the names of the time
    keys   TEXT NOT NULL,                     -- JSON list
    before TEXT NOT NULL,                     -- JSON: fixed and named as they were
    undone INTEGER REFERENCES joined_ledger   -- the entry that took it back
) STRICT;

-- Firms as they are shown.
CREATE VIEW firms_shown AS
    SELECT f.id AS id, coalesce(j.main, f.key) AS main,
        coalesce(n.name, (SELECT name FROM firms m WHERE m.key = j.main), f.name) AS name
    FROM firms f LEFT JOIN joined j ON j.kind = 'firm' AND j.key = f.key
        LEFT JOIN joined_named n ON n.kind = 'firm' AND n.main = coalesce(j.main, f.key);

CREATE TRIGGER joined_came AFTER INSERT ON joined BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER joined_changed AFTER UPDATE ON joined BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER joined_went AFTER DELETE ON joined BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER joined_named_came AFTER INSERT ON joined_named BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER joined_named_changed AFTER UPDATE ON joined_named BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER joined_named_went AFTER DELETE ON joined_named BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;

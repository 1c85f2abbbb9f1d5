-- What an article said before: one row for each wording that a later visit or import
-- found changed. The current one is in articles, and is one higher.
CREATE TABLE versions (
    article_id       INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    version          INTEGER NOT NULL,        -- 1 is the first
    title            TEXT NOT NULL,
    published        TEXT NOT NULL,
    published_source TEXT NOT NULL,
    known_at         INTEGER NOT NULL,        -- when this wording was first collected
    until            INTEGER NOT NULL,        -- when the next one was
    tagger           TEXT NOT NULL,           -- of its quotes; empty where it had none
    quotes           TEXT NOT NULL,           -- JSON: [[id, speaker, firm, stance, [[start, end], …]], …], bytes of text
    text             BLOB NOT NULL,           -- zstd
    page_fetched_at  INTEGER,                 -- of the page that it was read from; NULL for an import
    page_sha256      TEXT NOT NULL DEFAULT '',
    page_size        INTEGER NOT NULL DEFAULT 0,
    page             BLOB,                    -- zstd
    PRIMARY KEY (article_id, version)
) STRICT;

-- Quotes as they stood in an earlier version: those that are gone from the text, and
-- those whose labels or day a new text changed. They count in no view of today, only
-- in one as of a day on which they still stood: known_at ≤ day < until. The columns
-- from seq to tagger are those of quotes; seq is one that no quote of the day has.
CREATE TABLE past_quotes (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL,           -- of the quote as it stands today, where it does
    written_id       TEXT NOT NULL,           -- its own, which its words must give
    article_id       INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    person_id        INTEGER REFERENCES people,
    firm_id          INTEGER REFERENCES firms,
    kind             TEXT NOT NULL,
    speaker          TEXT NOT NULL,
    speaker_fold     TEXT NOT NULL,           -- case and accents folded
    speaker_type     TEXT NOT NULL,
    firm             TEXT NOT NULL,
    role             TEXT NOT NULL,
    resolved         TEXT NOT NULL,
    attribution      REAL NOT NULL,
    stance           TEXT NOT NULL,
    confidence       REAL NOT NULL,
    claim            TEXT NOT NULL,
    horizon          TEXT NOT NULL,
    subject          TEXT NOT NULL,
    themes           TEXT NOT NULL,
    spans            TEXT NOT NULL,           -- bytes of that version's text
    evidence         TEXT NOT NULL,
    text             TEXT NOT NULL,
    known_at         INTEGER NOT NULL,
    cluster_id       TEXT NOT NULL,
    copies           INTEGER NOT NULL,
    label_source     TEXT NOT NULL,
    tagger           TEXT NOT NULL,
    version          INTEGER NOT NULL,        -- the last in which it stood so
    until            INTEGER NOT NULL,
    title            TEXT NOT NULL,           -- of that version
    published        TEXT NOT NULL,           -- likewise
    published_source TEXT NOT NULL
) STRICT;
CREATE INDEX past_quotes_by_id ON past_quotes (id);
CREATE INDEX past_quotes_by_article ON past_quotes (article_id);
CREATE INDEX past_quotes_by_person ON past_quotes (person_id);
CREATE INDEX past_quotes_by_firm ON past_quotes (firm_id);

-- Their full-text index: words are searched as of a day too.
CREATE VIRTUAL TABLE past_fts USING fts5 (
    text, speaker, firm, title,
    content = 'past_quotes', content_rowid = 'seq',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER past_quotes_new AFTER INSERT ON past_quotes BEGIN
    INSERT INTO past_fts (rowid, text, speaker, firm, title)
    VALUES (NEW.seq, NEW.text, NEW.speaker, NEW.firm, NEW.title);
END;
CREATE TRIGGER past_quotes_gone AFTER DELETE ON past_quotes BEGIN
    INSERT INTO past_fts (past_fts, rowid, text, speaker, firm, title)
    VALUES ('delete', OLD.seq, OLD.text, OLD.speaker, OLD.firm, OLD.title);
END;

-- What was taken down, so that no crawl and no import takes it again: addresses (an
-- article's key, that of its page, those that led to it) and whole outlets.
CREATE TABLE forgotten (
    kind   TEXT NOT NULL CHECK (kind IN ('address', 'outlet')),
    key    TEXT NOT NULL,                     -- the address; the outlet, case and accents folded
    name   TEXT NOT NULL,                     -- as the user gave it, and takes it back
    reason TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_by_name ON forgotten (name);

-- An address that was taken down is never queued again, whoever asks, and nothing
-- that a feed says of it is kept.
CREATE TRIGGER fetches_forgotten BEFORE INSERT ON fetches
WHEN EXISTS (SELECT 1 FROM forgotten WHERE kind = 'address' AND key = NEW.url)
    AND (NEW.state NOT IN ('skipped', 'failed') OR NEW.title <> '') BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE TRIGGER fetches_forgotten_again BEFORE UPDATE ON fetches
WHEN EXISTS (SELECT 1 FROM forgotten WHERE kind = 'address' AND key = NEW.url)
    AND (NEW.state IN ('queued', 'leased') OR NEW.title <> '') BEGIN
    SELECT RAISE(IGNORE);
END;

-- Times are whole seconds since 1970, UTC. Publication dates are text with no
-- more digits than are known (2025, 2025-09, 2025-09-18, RFC 3339 with offset).

-- Where articles come from, and how each fares.
CREATE TABLE sources (
    name         TEXT PRIMARY KEY,
    last_success INTEGER,                     -- NULL: never answered
    last_error   TEXT NOT NULL DEFAULT '',    -- one sentence; empty after a good visit
    error_streak INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every address that a crawl has met: what is done and what is still to do. The
-- id is the order of discovery, and so the order of work.
CREATE TABLE fetches (
    id               INTEGER PRIMARY KEY,
    url              TEXT NOT NULL UNIQUE,    -- canonical
    source           TEXT NOT NULL,
    kind             TEXT NOT NULL,           -- feed, sitemap, listing, page
    depth            INTEGER NOT NULL,
    entry            INTEGER NOT NULL,        -- 1: collected anew in every crawl
    state            TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'done', 'skipped', 'failed')),
    reason           TEXT NOT NULL DEFAULT '',
    status           INTEGER NOT NULL DEFAULT 0,  -- HTTP status of the last hop; 0: none reached
    bytes            INTEGER NOT NULL DEFAULT 0,
    title            TEXT NOT NULL DEFAULT '',    -- as a feed or sitemap had it
    published        TEXT NOT NULL DEFAULT '',
    published_source TEXT NOT NULL DEFAULT '',
    crawl            INTEGER NOT NULL DEFAULT 0,  -- number of the crawl that finished it last
    fetched_at       INTEGER
) STRICT;
CREATE INDEX fetches_queue ON fetches (id) WHERE state = 'queued';
CREATE INDEX fetches_by_source ON fetches (source, state);

CREATE TABLE articles (
    id               INTEGER PRIMARY KEY,
    key              TEXT NOT NULL UNIQUE,    -- address, or file, or hash of the text
    file             TEXT NOT NULL,
    url              TEXT NOT NULL,
    outlet           TEXT NOT NULL,
    outlet_key       TEXT NOT NULL,           -- the outlet, case and accents folded
    title            TEXT NOT NULL,
    authors          TEXT NOT NULL,           -- JSON list
    published        TEXT NOT NULL,
    published_precision TEXT NOT NULL,
    published_source TEXT NOT NULL,
    captured         TEXT NOT NULL,           -- a day printed on the page that is not its publication
    captured_source  TEXT NOT NULL,
    page_type        TEXT NOT NULL,
    language         TEXT NOT NULL,
    forwarded        TEXT NOT NULL,           -- the outlet that first ran the piece
    translation      TEXT NOT NULL,
    truncated        INTEGER NOT NULL,        -- 1: the page was cut at the size limit
    source           TEXT NOT NULL,           -- that led to it first; empty for imports
    known_at         INTEGER NOT NULL,        -- when it was first collected
    text             TEXT NOT NULL            -- NFC; the spans of quotes count bytes of it
) STRICT;
CREATE INDEX articles_by_outlet ON articles (outlet_key);
CREATE INDEX articles_by_source ON articles (source);

-- What the server sent for an article, as it came.
CREATE TABLE pages (
    article_id INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
    url        TEXT NOT NULL,                 -- of the last hop
    status     INTEGER NOT NULL,
    header     TEXT NOT NULL,                 -- JSON object of lists; cookies left out
    truncated  INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL,
    sha256     TEXT NOT NULL,                 -- of the body before compression, hex
    size       INTEGER NOT NULL,              -- of the body before compression, bytes
    body       BLOB NOT NULL                  -- zstd
) STRICT;

-- Whoever speaks: a person, or a firm where no person is named.
CREATE TABLE people (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,                -- the fullest spelling seen
    institution INTEGER NOT NULL              -- 1: a firm speaking for itself
) STRICT;

-- Spelling → person. All spellings of one key are one person.
CREATE TABLE aliases (
    key       TEXT NOT NULL,                  -- tenor's key of the voice
    spelling  TEXT NOT NULL,                  -- as an article wrote it
    fold      TEXT NOT NULL,                  -- the spelling, case and accents folded
    person_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    PRIMARY KEY (key, spelling)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_fold ON aliases (fold);
CREATE INDEX aliases_by_person ON aliases (person_id);

CREATE TABLE firms (
    id   INTEGER PRIMARY KEY,
    key  TEXT NOT NULL UNIQUE,                -- case, accents and legal form folded
    name TEXT NOT NULL
) STRICT;

-- One row a quote. seq sorts by publication: the day counted from 1900-01-01 in
-- the bits above 24, a running number below; 0 in the high bits when no day is
-- known. So "newest first" is the order of the table, and of the full-text index;
-- the day is date('1899-12-31', (seq >> 24) || ' days').
CREATE TABLE quotes (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,       -- quote_id: stays the same when tagged again
    article_id    INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    person_id     INTEGER REFERENCES people,  -- NULL: nobody named
    firm_id       INTEGER REFERENCES firms,
    kind          TEXT NOT NULL,
    speaker_type  TEXT NOT NULL,
    stance        TEXT NOT NULL,              -- of people where they labelled it, else the model's
    claim         TEXT NOT NULL,
    horizon       TEXT NOT NULL,
    subject       TEXT NOT NULL,
    themes        TEXT NOT NULL,              -- joined by |
    confidence    REAL NOT NULL,
    copies        INTEGER NOT NULL,           -- reports of this utterance, this one included
    known_at      INTEGER NOT NULL,           -- first collected, or label last changed
    label_source  TEXT NOT NULL CHECK (label_source IN ('model', 'human')),
    cluster_id    TEXT NOT NULL,              -- id of the earliest report of this utterance
    copy_key      TEXT NOT NULL,              -- equal for quotes that may be copies
    tagger        TEXT NOT NULL,              -- version that made the model's labels
    speaker       TEXT NOT NULL,              -- as the article wrote it
    firm          TEXT NOT NULL,              -- of that day, likewise
    role          TEXT NOT NULL,
    model_stance  TEXT NOT NULL,              -- what the model said, kept under people's labels
    model_claim   TEXT NOT NULL,
    model_horizon TEXT NOT NULL,
    model_subject TEXT NOT NULL,
    model_themes  TEXT NOT NULL,
    model_at      INTEGER NOT NULL,           -- known_at as far as the model is concerned
    spans         TEXT NOT NULL,              -- JSON: [[start, end], …], bytes of articles.text
    evidence      TEXT NOT NULL,              -- JSON: [[tag, start, end, words], …]
    text          TEXT NOT NULL               -- the words at the spans, joined by a space
) STRICT;
CREATE INDEX quotes_by_article ON quotes (article_id);
CREATE INDEX quotes_by_person ON quotes (person_id);
CREATE INDEX quotes_by_firm ON quotes (firm_id);
CREATE INDEX quotes_by_copy ON quotes (copy_key);

-- quotes.themes, one row each; kept by the triggers below.
CREATE TABLE quote_themes (
    seq   INTEGER NOT NULL REFERENCES quotes ON DELETE CASCADE ON UPDATE CASCADE,
    theme TEXT NOT NULL,
    PRIMARY KEY (seq, theme)
) STRICT, WITHOUT ROWID;
CREATE INDEX quote_themes_by_theme ON quote_themes (theme, seq);

CREATE TRIGGER quotes_themes_new AFTER INSERT ON quotes WHEN NEW.themes <> '' BEGIN
    INSERT OR IGNORE INTO quote_themes (seq, theme)
    SELECT NEW.seq, value FROM json_each('[' || replace(json_quote(NEW.themes), '|', '","') || ']');
END;

CREATE TRIGGER quotes_themes_changed AFTER UPDATE OF themes ON quotes WHEN NEW.themes <> OLD.themes BEGIN
    DELETE FROM quote_themes WHERE seq = NEW.seq;
    INSERT OR IGNORE INTO quote_themes (seq, theme)
    SELECT NEW.seq, value FROM json_each('[' || replace(json_quote(NEW.themes), '|', '","') || ']')
    WHERE NEW.themes <> '';
END;

-- Labels given by people. The latest of a field wins over the model, for as long
-- as it is here; quote_id is no reference, so that a label outlives re-tagging.
CREATE TABLE labels (
    id       INTEGER PRIMARY KEY,
    quote_id TEXT NOT NULL,
    field    TEXT NOT NULL CHECK (field IN ('stance', 'claim', 'horizon', 'subject', 'themes')),
    value    TEXT NOT NULL CHECK (field <> 'stance' OR value IN ('bullish', 'neutral', 'fragile')),
    who      TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX labels_by_quote ON labels (quote_id, field, at);

-- The one place where labels are settled: whenever the model's values of a quote
-- are written, and whenever a label of it changes (which touches them).
CREATE TRIGGER quotes_labels AFTER UPDATE OF model_stance ON quotes BEGIN
    UPDATE quotes SET
        stance = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'stance'
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_stance),
        claim = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'claim'
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_claim),
        horizon = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'horizon'
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_horizon),
        subject = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'subject'
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_subject),
        themes = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'themes'
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_themes),
        label_source = iif(EXISTS (SELECT 1 FROM labels WHERE quote_id = NEW.id), 'human', 'model'),
        known_at = max(NEW.model_at, coalesce((SELECT max(at) FROM labels WHERE quote_id = NEW.id), 0))
    WHERE seq = NEW.seq;
END;

CREATE TRIGGER quotes_labelled_before AFTER INSERT ON quotes
WHEN EXISTS (SELECT 1 FROM labels WHERE quote_id = NEW.id) BEGIN
    UPDATE quotes SET model_stance = model_stance WHERE seq = NEW.seq;
END;
CREATE TRIGGER labels_new AFTER INSERT ON labels BEGIN
    UPDATE quotes SET model_stance = model_stance WHERE id = NEW.quote_id;
END;
CREATE TRIGGER labels_changed AFTER UPDATE ON labels BEGIN
    UPDATE quotes SET model_stance = model_stance WHERE id IN (OLD.quote_id, NEW.quote_id);
END;
CREATE TRIGGER labels_gone AFTER DELETE ON labels BEGIN
    UPDATE quotes SET model_stance = model_stance WHERE id = OLD.quote_id;
END;

-- What the full-text index holds of each quote.
CREATE VIEW quotes_text AS
    SELECT q.seq AS seq, q.text AS quote, q.speaker AS speaker, q.firm AS firm, a.title AS title
    FROM quotes q JOIN articles a ON a.id = q.article_id;

-- The index stores no text of its own: rows are added and removed with the values
-- of quotes_text, by the code that writes quotes.
CREATE VIRTUAL TABLE quotes_fts USING fts5 (
    quote, speaker, firm, title,
    content = 'quotes_text', content_rowid = 'seq',
    tokenize = 'porter unicode61 remove_diacritics 2'
);

-- For readers of the file (sqlite3, Datasette, DuckDB, pandas): the columns of
-- Tenor's CSV in their order, and the article's id.
CREATE VIEW quotes_flat AS
    SELECT q.id AS quote_id, a.published AS published, a.published_precision AS published_precision,
        q.speaker AS analyst, q.speaker_type AS speaker_type, q.firm AS firm, q.role AS role,
        q.stance AS stance, q.confidence AS confidence, q.horizon AS horizon, q.subject AS subject,
        q.themes AS themes, q.kind AS kind, q.text AS quote, a.outlet AS outlet, a.title AS title,
        a.url AS url, q.cluster_id AS cluster_id, q.copies AS copies,
        strftime('%Y-%m-%dT%H:%M:%SZ', q.known_at, 'unixepoch') AS known_at,
        q.label_source AS label_source, q.tagger AS tagger, q.article_id AS article_id
    FROM quotes q JOIN articles a ON a.id = q.article_id;

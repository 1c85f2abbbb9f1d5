-- What nearly all quotes have twice is stored once: the model's labels where they are those
-- shown, the cluster where it is the quote's own, and the key by which copies are found
-- where nobody is named or no day is known. A checksum tells when a byte has changed of what
-- is stored once.
DROP VIEW quotes_flat;
DROP VIEW quotes_text;
DROP VIEW quote_themes;
DROP TRIGGER articles_changed;
DROP TRIGGER labels_new;
DROP TRIGGER labels_changed;
DROP TRIGGER labels_gone;
CREATE TABLE quotes_new (
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
    attribution   REAL NOT NULL DEFAULT 0,    -- how likely it is that this speaker said this; 0: not known
    copies        INTEGER NOT NULL,           -- reports of this utterance, this one included
    known_at      INTEGER NOT NULL,           -- first collected, or label last changed
    copy_of       TEXT,                       -- id of the earliest report of this utterance, where that is another
    copy_key      TEXT,                       -- equal for quotes that may be copies; NULL where the speaker and the day are known
    tagger        TEXT NOT NULL,              -- version that made the model's labels
    speaker       TEXT NOT NULL,              -- as the article wrote it
    firm          TEXT NOT NULL,              -- of that day, likewise
    role          TEXT NOT NULL,
    resolved      TEXT NOT NULL DEFAULT '',   -- by what the article names the speaker: name, pronoun, …
    -- What the model said, kept under people's labels; NULL: as shown, where there are none.
    model_stance  TEXT,
    model_claim   TEXT,
    model_horizon TEXT,
    model_subject TEXT,
    model_themes  TEXT,
    model_speaker TEXT,
    model_speaker_type TEXT,
    model_firm    TEXT,
    model_at      INTEGER,                    -- known_at as far as the model is concerned, likewise
    checksum      INTEGER,                    -- of what the model said (damage.go); NULL: stored before there was one
    spans         TEXT NOT NULL,              -- JSON: [[start, end], …], bytes of the article's text
    evidence      TEXT NOT NULL,              -- JSON: [[tag, start, end, words], …]; no words where they are the quote's
    text          TEXT NOT NULL,              -- the words at the spans, joined by a space
    cluster_id    TEXT AS (coalesce(copy_of, id)), -- id of the earliest report of this utterance
    label_source  TEXT AS (iif(model_stance IS NULL, 'model', 'human'))
) STRICT;
INSERT INTO quotes_new (seq, id, article_id, person_id, firm_id, kind, speaker_type, stance, claim, horizon, subject, themes,
        confidence, attribution, copies, known_at, copy_of, copy_key, tagger, speaker, firm, role, resolved,
        model_stance, model_claim, model_horizon, model_subject, model_themes, model_speaker, model_speaker_type, model_firm,
        model_at, spans, evidence, text)
    SELECT seq, id, article_id, person_id, firm_id, kind, speaker_type, stance, claim, horizon, subject, themes,
        confidence, attribution, copies, known_at, nullif(cluster_id, id),
        iif(person_id IS NULL OR seq < 16777216, copy_key, NULL), tagger, speaker, firm, role, resolved,
        iif(label_source = 'human', model_stance, NULL), iif(label_source = 'human', model_claim, NULL),
        iif(label_source = 'human', model_horizon, NULL), iif(label_source = 'human', model_subject, NULL),
        iif(label_source = 'human', model_themes, NULL), model_speaker, model_speaker_type, model_firm,
        iif(label_source = 'human', model_at, NULL), spans, evidence, text
    FROM quotes ORDER BY seq;
DROP TABLE quotes;
ALTER TABLE quotes_new RENAME TO quotes;
CREATE INDEX quotes_by_article ON quotes (article_id);
CREATE INDEX quotes_by_person ON quotes (person_id);
CREATE INDEX quotes_by_firm ON quotes (firm_id);
CREATE INDEX quotes_by_cluster ON quotes (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX quotes_undated ON quotes (copy_key) WHERE seq < 16777216;
CREATE INDEX quotes_by_nobody ON quotes (copy_key) WHERE person_id IS NULL;

CREATE VIEW quotes_text AS
    SELECT q.seq AS seq, q.text AS quote, q.speaker AS speaker, q.firm AS firm, a.title AS title
    FROM quotes q JOIN articles a ON a.id = q.article_id;
CREATE VIEW quote_themes AS
    SELECT q.seq AS seq, j.value AS theme
    FROM quotes q, json_each('[' || replace(json_quote(q.themes), '|', '","') || ']') j
    WHERE q.themes <> '';
CREATE VIEW quotes_flat AS
    SELECT q.id AS quote_id, a.published AS published, a.published_precision AS published_precision,
        q.speaker AS analyst, q.speaker_type AS speaker_type, q.firm AS firm, q.role AS role,
        q.stance AS stance, q.confidence AS confidence, q.horizon AS horizon, q.subject AS subject,
        q.themes AS themes, q.kind AS kind, q.text AS quote, a.outlet AS outlet, a.title AS title,
        a.url AS url, q.cluster_id AS cluster_id, q.copies AS copies,
        strftime('%Y-%m-%dT%H:%M:%SZ', q.known_at, 'unixepoch') AS known_at,
        q.label_source AS label_source, q.tagger AS tagger, q.article_id AS article_id,
        q.resolved AS resolved, q.attribution AS attribution
    FROM quotes q JOIN articles a ON a.id = q.article_id;

-- The one place where labels are settled: whenever the model's values of a quote are
-- written, and whenever a label of it changes (which touches them). It sets what touches it,
-- and relies on triggers that do not call themselves, as is SQLite's default.
CREATE TRIGGER quotes_labels AFTER UPDATE OF model_stance ON quotes BEGIN
    UPDATE quotes SET
        stance = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'stance' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_stance, NEW.stance),
        claim = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'claim' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_claim, NEW.claim),
        horizon = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'horizon' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_horizon, NEW.horizon),
        subject = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'subject' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_subject, NEW.subject),
        themes = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'themes' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_themes, NEW.themes),
        known_at = max(coalesce(NEW.model_at, NEW.known_at), coalesce((SELECT max(at) FROM labels WHERE quote_id = NEW.id AND undone_at IS NULL), 0)),
        (model_stance, model_claim, model_horizon, model_subject, model_themes, model_at) =
            (SELECT coalesce(NEW.model_stance, NEW.stance), coalesce(NEW.model_claim, NEW.claim), coalesce(NEW.model_horizon, NEW.horizon),
                coalesce(NEW.model_subject, NEW.subject), coalesce(NEW.model_themes, NEW.themes), coalesce(NEW.model_at, NEW.known_at)
            WHERE EXISTS (SELECT 1 FROM labels WHERE quote_id = NEW.id AND undone_at IS NULL))
    WHERE seq = NEW.seq;
END;
CREATE TRIGGER quotes_labelled_before AFTER INSERT ON quotes
WHEN EXISTS (SELECT 1 FROM labels WHERE quote_id = NEW.id AND undone_at IS NULL) BEGIN
    UPDATE quotes SET model_stance = model_stance WHERE seq = NEW.seq;
END;
CREATE TRIGGER quotes_came AFTER INSERT ON quotes BEGIN
    INSERT INTO changes (seq) VALUES (NEW.seq);
END;
CREATE TRIGGER quotes_went AFTER DELETE ON quotes BEGIN
    INSERT INTO changes (seq) VALUES (OLD.seq);
END;
CREATE TRIGGER quotes_changed AFTER UPDATE ON quotes BEGIN
    INSERT INTO changes (seq) VALUES (NEW.seq);
END;
CREATE TRIGGER quotes_moved AFTER UPDATE OF seq ON quotes WHEN NEW.seq <> OLD.seq BEGIN
    INSERT INTO changes (seq) VALUES (OLD.seq);
END;
CREATE TRIGGER articles_changed AFTER UPDATE ON articles
WHEN (NEW.key, NEW.outlet, NEW.outlet_key, NEW.published, NEW.published_source, NEW.translation)
    IS NOT (OLD.key, OLD.outlet, OLD.outlet_key, OLD.published, OLD.published_source, OLD.translation) BEGIN
    INSERT INTO changes (seq) SELECT seq FROM quotes WHERE article_id = NEW.id;
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
INSERT INTO changes (seq) VALUES (NULL);

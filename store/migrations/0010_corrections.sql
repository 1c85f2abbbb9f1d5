-- Corrections: more fields, why, what stood before, and undo. An undone label stays as
-- history and counts no more.
DROP TRIGGER quotes_labels;
DROP TRIGGER quotes_labelled_before;
DROP TRIGGER labels_new;
DROP TRIGGER labels_changed;
DROP TRIGGER labels_gone;
ALTER TABLE labels RENAME TO labels_before;
DROP INDEX labels_by_quote;

CREATE TABLE labels (
    id        INTEGER PRIMARY KEY,
    act       INTEGER NOT NULL DEFAULT 0,     -- equal for labels given, and undone, at one stroke; 0: given by other programs
    quote_id  TEXT NOT NULL,                  -- no reference, so that a label outlives re-tagging
    field     TEXT NOT NULL CHECK (field IN ('stance', 'claim', 'horizon', 'subject', 'themes',
                  'speaker', 'speaker_type', 'firm', 'quote')),
    value     TEXT NOT NULL CHECK ((field <> 'stance' OR value IN ('bullish', 'neutral', 'fragile'))
                  AND (field <> 'quote' OR value = 'no')),
    was       TEXT NOT NULL DEFAULT '',       -- what was shown before
    who       TEXT NOT NULL,
    why       TEXT NOT NULL DEFAULT '',
    at        INTEGER NOT NULL,
    undone_by TEXT NOT NULL DEFAULT '',
    undone_at INTEGER                         -- NULL: it stands
) STRICT;
INSERT INTO labels (id, act, quote_id, field, value, who, at) SELECT id, id, quote_id, field, value, who, at FROM labels_before;
DROP TABLE labels_before;
CREATE INDEX labels_by_quote ON labels (quote_id, field, at) WHERE undone_at IS NULL;
CREATE INDEX labels_of_quote ON labels (quote_id);
CREATE INDEX labels_by_act ON labels (act);

-- The labels that count: the latest of each field that was not undone.
CREATE VIEW labels_standing AS
    SELECT * FROM labels l WHERE undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM labels n
        WHERE n.quote_id = l.quote_id AND n.field = l.field AND n.undone_at IS NULL AND (n.at, n.id) > (l.at, l.id));

-- What the model said where a person says otherwise; NULL: as shown. Who speaks decides
-- person_id, firm_id and the copies, so no trigger settles it, but the code that writes
-- quotes.
ALTER TABLE quotes ADD COLUMN model_speaker TEXT;
ALTER TABLE quotes ADD COLUMN model_speaker_type TEXT;
ALTER TABLE quotes ADD COLUMN model_firm TEXT;
ALTER TABLE past_quotes ADD COLUMN model_speaker TEXT;

-- What a person said is no quote: out of quotes, so that nothing counts, lists or exports
-- it, and kept, so that this can be undone.
CREATE TABLE removed_quotes (
    id         TEXT PRIMARY KEY,              -- quote_id
    article_id INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    model_at   INTEGER NOT NULL,
    tagger     TEXT NOT NULL,
    quote      TEXT NOT NULL                  -- JSON: the record that the model made
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_quotes_by_article ON removed_quotes (article_id);

-- The triggers of 0001, for labels that stand.
CREATE TRIGGER quotes_labels AFTER UPDATE OF model_stance ON quotes BEGIN
    UPDATE quotes SET
        stance = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'stance' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_stance),
        claim = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'claim' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_claim),
        horizon = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'horizon' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_horizon),
        subject = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'subject' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_subject),
        themes = coalesce((SELECT value FROM labels WHERE quote_id = NEW.id AND field = 'themes' AND undone_at IS NULL
            ORDER BY at DESC, id DESC LIMIT 1), NEW.model_themes),
        label_source = iif(EXISTS (SELECT 1 FROM labels WHERE quote_id = NEW.id AND undone_at IS NULL), 'human', 'model'),
        known_at = max(NEW.model_at, coalesce((SELECT max(at) FROM labels WHERE quote_id = NEW.id AND undone_at IS NULL), 0))
    WHERE seq = NEW.seq;
END;
CREATE TRIGGER quotes_labelled_before AFTER INSERT ON quotes
WHEN EXISTS (SELECT 1 FROM labels WHERE quote_id = NEW.id AND undone_at IS NULL) BEGIN
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

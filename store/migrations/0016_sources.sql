-- How the sources fare, without looking at every article and every address.

-- How many articles came from each source on each day (articles.day; empty where that is
-- none). Triggers write it.
CREATE TABLE source_days (
    source   TEXT NOT NULL,
    day      TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;
INSERT INTO source_days (source, day, articles)
    SELECT source, coalesce(day, ''), count(*) FROM articles WHERE source <> '' GROUP BY 1, 2;
CREATE TRIGGER articles_came AFTER INSERT ON articles WHEN NEW.source <> '' BEGIN
    INSERT INTO source_days (source, day, articles) VALUES (NEW.source, coalesce(NEW.day, ''), 1)
        ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER articles_went AFTER DELETE ON articles WHEN OLD.source <> '' BEGIN
    UPDATE source_days SET articles = articles - 1 WHERE source = OLD.source AND day = coalesce(OLD.day, '');
    DELETE FROM source_days WHERE source = OLD.source AND day = coalesce(OLD.day, '') AND articles = 0;
END;
CREATE TRIGGER articles_moved AFTER UPDATE ON articles WHEN (NEW.source, NEW.day) IS NOT (OLD.source, OLD.day) BEGIN
    UPDATE source_days SET articles = articles - 1 WHERE source = OLD.source AND day = coalesce(OLD.day, '');
    DELETE FROM source_days WHERE source = OLD.source AND day = coalesce(OLD.day, '') AND articles = 0;
    INSERT INTO source_days (source, day, articles) SELECT NEW.source, coalesce(NEW.day, ''), 1 WHERE NEW.source <> ''
        ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

-- Columns in memory have the source and the day, too.
DROP TRIGGER articles_changed;
CREATE TRIGGER articles_changed AFTER UPDATE ON articles
WHEN (NEW.key, NEW.outlet, NEW.outlet_key, NEW.published, NEW.published_source, NEW.translation, NEW.source, NEW.day)
    IS NOT (OLD.key, OLD.outlet, OLD.outlet_key, OLD.published, OLD.published_source, OLD.translation, OLD.source, OLD.day) BEGIN
    INSERT INTO changes (seq) SELECT seq FROM quotes WHERE article_id = NEW.id;
END;

-- Why addresses were not taken.
CREATE INDEX fetches_by_reason ON fetches (source, state, reason, url) WHERE reason <> '' OR state IN ('skipped', 'failed');

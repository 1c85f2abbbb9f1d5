-- A million quotes. What was kept for every quote and asked of few is kept for few:
-- of copies, the reports behind the first, and those whose voice or day is unknown.
DROP INDEX quotes_by_copy;
CREATE INDEX quotes_undated ON quotes (copy_key) WHERE seq < 16777216;
CREATE INDEX quotes_by_nobody ON quotes (copy_key) WHERE person_id IS NULL;
DROP INDEX quotes_by_cluster;
CREATE INDEX quotes_by_cluster ON quotes (cluster_id) WHERE cluster_id <> id;

-- quotes.themes, one row each, for readers of the file. As a table it was written by a
-- trigger for every quote, and nothing but the filter read it, which reads the column now.
DROP TRIGGER quotes_themes_new;
DROP TRIGGER quotes_themes_changed;
DROP TABLE quote_themes;
CREATE VIEW quote_themes AS
    SELECT q.seq AS seq, j.value AS theme
    FROM quotes q, json_each('[' || replace(json_quote(q.themes), '|', '","') || ']') j
    WHERE q.themes <> '';

-- Which quotes came, went or changed last, for programs that keep columns of all of
-- them in memory (columns.go): seq of the quote, or NULL where a person or firm got
-- another name. Whoever has seen n reads what is above it, or everything where that
-- is no longer here. Triggers write it, so that no way of changing a quote is missed.
CREATE TABLE changes (
    n   INTEGER PRIMARY KEY,
    seq INTEGER
) STRICT;
INSERT INTO changes (seq) VALUES (NULL);
CREATE TRIGGER changes_kept_short AFTER INSERT ON changes WHEN NEW.n & 1023 = 0 BEGIN
    DELETE FROM changes WHERE n <= NEW.n - 65536;
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
CREATE TRIGGER people_renamed AFTER UPDATE OF name, given_fold ON people
WHEN NEW.name <> OLD.name OR NEW.given_fold <> OLD.given_fold BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER firms_renamed AFTER UPDATE OF name ON firms WHEN NEW.name <> OLD.name BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
-- The number of one that is gone may become another's.
CREATE TRIGGER people_went AFTER DELETE ON people BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;
CREATE TRIGGER firms_went AFTER DELETE ON firms BEGIN
    INSERT INTO changes (seq) VALUES (NULL);
END;

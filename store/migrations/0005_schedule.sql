-- When each source is visited next. Of sources that are in no schedule (imports,
-- addresses given to a crawl) next_visit stays NULL.
ALTER TABLE sources ADD COLUMN kind TEXT NOT NULL DEFAULT '';          -- feed, sitemap, listing, page: as seen at the last visit
ALTER TABLE sources ADD COLUMN first_success INTEGER;                  -- of one of its own addresses; NULL: none answered yet
ALTER TABLE sources ADD COLUMN last_visit INTEGER;                     -- good or bad; NULL: never visited
ALTER TABLE sources ADD COLUMN next_visit INTEGER;
ALTER TABLE sources ADD COLUMN visit_interval INTEGER NOT NULL DEFAULT 0; -- seconds between good visits

UPDATE sources SET first_success = last_success
WHERE EXISTS (SELECT 1 FROM fetches WHERE source = name AND entry = 1 AND depth = 0);

-- The day on which an article came: that of publication where it is known and not in
-- the future, else that on which it was collected. What came from each source, and
-- when, is read off the index alone.
ALTER TABLE articles ADD COLUMN day TEXT GENERATED ALWAYS AS (
    CASE WHEN published_precision IN ('day', 'time') THEN min(substr(published, 1, 10), date(known_at, 'unixepoch'))
        ELSE date(known_at, 'unixepoch') END) VIRTUAL;
DROP INDEX articles_by_source;
CREATE INDEX articles_by_source ON articles (source, day);

-- What a server said of the version that was last read of an address, so that it
-- can be asked for a newer one only. All empty where nothing is known.
ALTER TABLE fetches ADD COLUMN etag TEXT NOT NULL DEFAULT '';
ALTER TABLE fetches ADD COLUMN last_modified TEXT NOT NULL DEFAULT '';
ALTER TABLE fetches ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';   -- the address, at the end of its redirects, that said so
ALTER TABLE fetches ADD COLUMN read_as TEXT NOT NULL DEFAULT '';       -- its kind, and a hash of its source's settings then

-- The last crawl of the source that came to its end and noted what it left out. What
-- was read in a later one is read again: nobody counted what it left out.
ALTER TABLE sources ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;

-- What is leased is put back when a crawl ends, and looked for when one begins.
CREATE INDEX fetches_leased ON fetches (id) WHERE state = 'leased';

-- How many pages of a host were fetched in a day.
CREATE INDEX fetches_by_time ON fetches (fetched_at) WHERE entry = 0;

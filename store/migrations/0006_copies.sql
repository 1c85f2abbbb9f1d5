-- A 64-bit fingerprint of an article's words: near-duplicates differ in few bits.
-- NULL where the text is too short to tell, or was stored before there was one and
-- not tagged again since.
ALTER TABLE articles ADD COLUMN simhash INTEGER;

-- Two fingerprints that differ in three bits at most agree in one of four parts.
CREATE INDEX articles_by_simhash_0 ON articles (simhash & 65535) WHERE simhash IS NOT NULL;
CREATE INDEX articles_by_simhash_1 ON articles (simhash >> 16 & 65535) WHERE simhash IS NOT NULL;
CREATE INDEX articles_by_simhash_2 ON articles (simhash >> 32 & 65535) WHERE simhash IS NOT NULL;
CREATE INDEX articles_by_simhash_3 ON articles (simhash >> 48 & 65535) WHERE simhash IS NOT NULL;

-- Copies are words of one person, rewritten too, so a cluster is more than one
-- copy_key. Quotes of a person within days of each other are found by
-- quotes_by_person, which ends in seq.
CREATE INDEX quotes_by_cluster ON quotes (cluster_id);

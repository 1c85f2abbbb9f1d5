-- The words of an article compressed: of a million quotes they were a third of the file.
-- What was stored before stays as it is until its article is collected again.
ALTER TABLE articles ADD COLUMN packed BLOB;   -- the text as zstd, where that is shorter; text is empty then

-- Copies are words of one person, rewritten too, so a cluster is more than one
-- copy_key. Quotes of a person within days of each other are found by
-- quotes_by_person, which ends in seq.
CREATE INDEX quotes_by_cluster ON quotes (cluster_id);

-- Saved searches: a filter under a name.
CREATE TABLE searches (
    key   TEXT PRIMARY KEY,   -- tenor.SavedSearch.Key: the name, folded
    name  TEXT NOT NULL,
    query TEXT NOT NULL,      -- the filter, as an address's query
    who   TEXT NOT NULL,      -- saved it last
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

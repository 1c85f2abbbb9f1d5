-- What tenor eval --save measured; the latest of each set and tagger is shown.
CREATE TABLE accuracy (
    id       INTEGER PRIMARY KEY,
    set_name TEXT NOT NULL,
    tagger   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    quotes   INTEGER NOT NULL,
    measures TEXT NOT NULL                    -- JSON: [{name, value, low, high}, …]
) STRICT;

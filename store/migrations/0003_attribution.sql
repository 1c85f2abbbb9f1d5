-- How the tagger knows who speaks. Quotes that were tagged before keep the
-- defaults until they are tagged again.
ALTER TABLE quotes ADD COLUMN resolved TEXT NOT NULL DEFAULT '';       -- by what the article names the speaker: name, pronoun, …
ALTER TABLE quotes ADD COLUMN attribution REAL NOT NULL DEFAULT 0;     -- how likely it is that this speaker said this; 0: not known

DROP VIEW quotes_flat;
CREATE VIEW quotes_flat AS
    SELECT q.id AS quote_id, a.published AS published, a.published_precision AS published_precision,
        q.speaker AS analyst, q.speaker_type AS speaker_type, q.firm AS firm, q.role AS role,
        q.stance AS stance, q.confidence AS confidence, q.horizon AS horizon, q.subject AS subject,
        q.themes AS themes, q.kind AS kind, q.text AS quote, a.outlet AS outlet, a.title AS title,
        a.url AS url, q.cluster_id AS cluster_id, q.copies AS copies,
        strftime('%Y-%m-%dT%H:%M:%SZ', q.known_at, 'unixepoch') AS known_at,
        q.label_source AS label_source, q.tagger AS tagger, q.article_id AS article_id,
        q.resolved AS resolved, q.attribution AS attribution
    FROM quotes q JOIN articles a ON a.id = q.article_id;

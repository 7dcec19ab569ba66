-- Batches that are deleted: the fold takes in nothing about them any more but what they cost.
-- owner: aggregator
-- readers: gateway
CREATE TABLE deleted_batches (
    batch_id   uuid PRIMARY KEY,
    deleted_at timestamptz NOT NULL
);

-- Objects whose job or batch is deleted; they go once nobody else refers to them.
-- owner: aggregator
CREATE TABLE unused_artefacts (
    key    text PRIMARY KEY,
    due_at timestamptz NOT NULL DEFAULT now(),
    -- The index has forgotten it: who uses it from then on brings it back there.
    hidden boolean NOT NULL DEFAULT false
);
CREATE INDEX unused_artefacts_due ON unused_artefacts (due_at);

-- Every object that a row refers to.
CREATE VIEW kept_artefacts AS
SELECT ref ->> 'key' AS key
FROM jobs CROSS JOIN LATERAL (VALUES (script), (adapted), (audio), (srt), (vtt), (cut)) AS v (ref)
WHERE ref IS NOT NULL
UNION ALL
SELECT agent ->> 'key' FROM batches WHERE agent IS NOT NULL
UNION ALL
SELECT event #>> '{request,agent,key}' FROM submissions
UNION ALL
SELECT ref ->> 'key'
FROM parked_jobs
CROSS JOIN LATERAL (VALUES (event -> 'script'), (event -> 'cut_before'), (event -> 'agent_ref'))
    AS v (ref)
WHERE ref IS NOT NULL
UNION ALL
SELECT script ->> 'key' FROM script_versions;

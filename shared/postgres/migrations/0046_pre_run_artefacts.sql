-- What the runs of a job made, where it has had several: found again where somebody goes back to it,
-- and gone with the job.
-- owner: aggregator
CREATE TABLE run_artefacts (
    job_id uuid NOT NULL,
    key    text NOT NULL,
    PRIMARY KEY (job_id, key)
);

CREATE OR REPLACE VIEW kept_artefacts AS
SELECT ref ->> 'key' AS key
FROM jobs CROSS JOIN LATERAL (VALUES (script), (adapted), (audio), (srt), (vtt), (cut)) AS v (ref)
WHERE ref IS NOT NULL
UNION ALL
SELECT key FROM run_artefacts
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

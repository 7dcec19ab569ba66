-- Jobs that a stage gave back, and the event that sets each of them going again.
-- owner: aggregator
-- readers: gateway
CREATE TABLE parked_jobs (
    job_id     uuid PRIMARY KEY REFERENCES jobs,
    batch_id   uuid NOT NULL REFERENCES batches,
    run        integer NOT NULL,
    parking    integer NOT NULL,
    stage      text NOT NULL,
    reason     text NOT NULL,
    not_before timestamptz,
    detail     text NOT NULL DEFAULT '',
    topic      text NOT NULL,
    event      jsonb NOT NULL,
    parked_at  timestamptz NOT NULL
);
CREATE INDEX parked_jobs_of_batch ON parked_jobs (batch_id);

ALTER TABLE jobs
    ADD COLUMN run         integer NOT NULL DEFAULT 1,
    -- The newest time it was given back in this run, and the newest it went on from.
    ADD COLUMN parking     integer NOT NULL DEFAULT 0,
    ADD COLUMN went_on     integer NOT NULL DEFAULT 0,
    ADD COLUMN parked_for  text,
    ADD COLUMN cancel_at   timestamptz,
    -- The run that each artefact is of.
    ADD COLUMN script_run  integer NOT NULL DEFAULT 0,
    ADD COLUMN adapted_run integer NOT NULL DEFAULT 0,
    ADD COLUMN audio_run   integer NOT NULL DEFAULT 0,
    ADD COLUMN audio_at    timestamptz;
UPDATE jobs SET
    script_run = (script IS NOT NULL)::int, adapted_run = (adapted IS NOT NULL)::int,
    audio_run = (audio IS NOT NULL)::int, audio_at = CASE WHEN audio IS NOT NULL THEN completed_at END;

ALTER TABLE batches
    -- Given back, and not gone on; and those of them that wait for a higher budget.
    ADD COLUMN parked       integer NOT NULL DEFAULT 0,
    ADD COLUMN budget_waits integer NOT NULL DEFAULT 0,
    ADD COLUMN budget_usd   double precision,
    ADD COLUMN resumed_at   timestamptz;

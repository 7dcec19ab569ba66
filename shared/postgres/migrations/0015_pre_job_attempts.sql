-- Tries of a job that failed or had to wait, as the event that ended them tells.
-- owner: aggregator
-- readers: gateway
CREATE TABLE job_attempts (
    event_id      uuid NOT NULL,
    position      smallint NOT NULL,
    job_id        uuid NOT NULL,
    run           integer NOT NULL,
    stage         text NOT NULL,
    at            timestamptz NOT NULL,
    code          text NOT NULL,
    reason        text NOT NULL,
    delay_seconds double precision,
    PRIMARY KEY (event_id, position)
);
CREATE INDEX job_attempts_of_job ON job_attempts (job_id, at);

-- What every service has put aside, as its dead letters tell; the records stay in Kafka.
-- owner: aggregator
-- readers: gateway
CREATE TABLE dead_letters (
    letter_id      uuid PRIMARY KEY,
    -- Where the dead letter lies.
    topic          text NOT NULL,
    partition      integer NOT NULL,
    at_offset      bigint NOT NULL,
    -- Where the record was.
    from_topic     text NOT NULL,
    from_partition integer,
    from_offset    bigint,
    from_at        timestamptz,
    service        text NOT NULL,
    version        text NOT NULL,
    kind           text NOT NULL,
    error          text NOT NULL,
    code           text NOT NULL,
    reason         text NOT NULL,
    attempts       integer NOT NULL,
    first_at       timestamptz,
    dead_at        timestamptz NOT NULL,
    event_id       uuid,
    job_id         uuid,
    batch_id       uuid,
    user_id        uuid,
    run            integer NOT NULL,
    redrives       integer NOT NULL,
    bytes          integer NOT NULL,
    -- The value did not fit beside the headers: it lies where the record was.
    elsewhere      boolean NOT NULL
);
CREATE INDEX dead_letters_by_age ON dead_letters (dead_at, letter_id);
CREATE INDEX dead_letters_of_batch ON dead_letters (batch_id, dead_at) WHERE batch_id IS NOT NULL;
CREATE INDEX dead_letters_of_job ON dead_letters (job_id) WHERE job_id IS NOT NULL;

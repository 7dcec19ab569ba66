-- owner: aggregator
-- readers: gateway
CREATE TABLE batches (
    batch_id         uuid PRIMARY KEY,
    user_id          uuid NOT NULL,
    name             text NOT NULL DEFAULT '',
    -- NULL: an implicit batch, made for a job that came straight from Kafka.
    mode             text,
    state            text NOT NULL DEFAULT 'queued',
    paused           boolean NOT NULL DEFAULT false,
    -- The batches.control event that cancelled it.
    cancelled_by     uuid,
    total            integer NOT NULL DEFAULT 0,
    queued           integer NOT NULL DEFAULT 0,
    scripting        integer NOT NULL DEFAULT 0,
    adapting         integer NOT NULL DEFAULT 0,
    awaiting_review  integer NOT NULL DEFAULT 0,
    narrating        integer NOT NULL DEFAULT 0,
    completed        integer NOT NULL DEFAULT 0,
    failed           integer NOT NULL DEFAULT 0,
    cancelled        integer NOT NULL DEFAULT 0,
    -- May be released: queued, not released yet, not paused one by one.
    waiting          integer NOT NULL DEFAULT 0,
    -- Released, and not ended.
    in_flight        integer NOT NULL DEFAULT 0,
    provider_calls   bigint NOT NULL DEFAULT 0,
    characters       bigint NOT NULL DEFAULT 0,
    audio_seconds    double precision NOT NULL DEFAULT 0,
    -- Grows by one before each announcement on batches.progress; never used twice.
    seq              bigint NOT NULL DEFAULT 0,
    -- The newest announcement that Kafka is known to have.
    published_seq    bigint NOT NULL DEFAULT 0,
    announced_at     timestamptz NOT NULL DEFAULT '-infinity',
    dirty            boolean NOT NULL DEFAULT true,
    -- How often it ended (a failed job that completes later ends it once more), and how
    -- many of its endings Kafka is known to have.
    endings          integer NOT NULL DEFAULT 0,
    announced_ending integer NOT NULL DEFAULT 0,
    request          jsonb,
    -- Out of the request, which may be large: what every job of the batch is released with.
    agent            jsonb,
    options          jsonb,
    created_at       timestamptz NOT NULL DEFAULT now(),
    started_at       timestamptz,
    updated_at       timestamptz NOT NULL DEFAULT now(),
    completed_at     timestamptz
)
-- Rewritten with every poll of the fold: room for the new version on the same page.
WITH (fillfactor = 50);
CREATE INDEX batches_of_user ON batches (user_id, created_at DESC, batch_id DESC);
CREATE INDEX batches_unannounced ON batches (batch_id)
    WHERE dirty OR published_seq < seq OR announced_ending < endings;
CREATE INDEX batches_open ON batches (created_at) WHERE completed_at IS NULL;

-- owner: aggregator
-- readers: gateway
CREATE TABLE jobs (
    job_id         uuid PRIMARY KEY,
    batch_id       uuid NOT NULL REFERENCES batches,
    user_id        uuid NOT NULL,
    -- Order within the batch, from 0: titles, then variations, then targets.
    position       integer NOT NULL,
    title          text NOT NULL,
    language       text NOT NULL,
    voice          text,
    variation      integer NOT NULL DEFAULT 1,
    aspect         text NOT NULL DEFAULT '',
    state          text NOT NULL DEFAULT 'queued',
    -- Not released, and nothing has happened to it. (An index on `state` would make every
    -- step of every job rewrite all indexes.)
    waiting        boolean NOT NULL DEFAULT true,
    paused         boolean NOT NULL DEFAULT false,
    -- Which kinds of events were folded, one bit each: a repeated one adds nothing.
    seen           smallint NOT NULL DEFAULT 0,
    -- Artefact references, as the events carried them.
    script         jsonb,
    adapted        jsonb,
    audio          jsonb,
    srt            jsonb,
    vtt            jsonb,
    audio_seconds  double precision,
    characters     integer,
    segments       integer,
    provider_calls integer NOT NULL DEFAULT 0,
    error_stage    text,
    error_code     text,
    error          text,
    attempts       integer NOT NULL DEFAULT 0,
    created_at     timestamptz NOT NULL DEFAULT now(),
    released_at    timestamptz,
    started_at     timestamptz,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    completed_at   timestamptz
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX jobs_of_batch ON jobs (batch_id, position);
CREATE INDEX jobs_waiting ON jobs (batch_id, position) WHERE waiting;

-- Positions of jobs that came straight from Kafka: in the order of arrival, and above those
-- of any request, so that a batch whose request arrives after some of its jobs can sort them.
-- owner: aggregator
CREATE SEQUENCE arrivals AS integer MINVALUE 1000000000 CYCLE;

-- owner: aggregator
-- readers: gateway
CREATE TABLE job_log (
    job_id  uuid NOT NULL,
    at      timestamptz NOT NULL,
    stage   text NOT NULL,
    message text NOT NULL
);
CREATE INDEX job_log_of_job ON job_log (job_id, at);
CREATE INDEX job_log_by_age ON job_log USING brin (at);

-- What the fold has seen, written in the transaction that folded it.
-- owner: aggregator
CREATE TABLE consumer_offsets (
    consumer    text NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 50);

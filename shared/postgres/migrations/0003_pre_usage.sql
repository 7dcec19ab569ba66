-- What was spent on a job: a row per provider and model that one event reports.
-- owner: aggregator
-- readers: gateway
CREATE TABLE usage (
    event_id      uuid NOT NULL,
    position      smallint NOT NULL,
    job_id        uuid NOT NULL,
    batch_id      uuid NOT NULL,
    user_id       uuid NOT NULL,
    language      text NOT NULL,
    stage         text NOT NULL,
    provider      text NOT NULL,
    model         text NOT NULL,
    -- The quota domain (provider project) that served; never a key.
    domain        text NOT NULL,
    calls         integer NOT NULL,
    input_tokens  bigint NOT NULL,
    output_tokens bigint NOT NULL,
    characters    bigint NOT NULL,
    audio_seconds double precision NOT NULL,
    cost_usd      double precision NOT NULL,
    at            timestamptz NOT NULL,
    PRIMARY KEY (event_id, position)
);
CREATE INDEX usage_of_batch ON usage (batch_id);
CREATE INDEX usage_of_user ON usage (user_id, at);

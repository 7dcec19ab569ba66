-- Dead letters that somebody sent again: at most once each, unless asked.
-- owner: gateway
CREATE TABLE redrives (
    letter_id    uuid NOT NULL,
    number       integer NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    -- The run that its job begins, where it is about a job.
    run          integer,
    -- Whoever publishes it holds it for a while; a process that dies loses it.
    taken_at     timestamptz,
    -- sent, gone (Kafka does not have it any more), too_large. NULL: not yet.
    outcome      text,
    settled_at   timestamptz,
    PRIMARY KEY (letter_id, number)
);
CREATE INDEX redrives_unsettled ON redrives (requested_at) WHERE outcome IS NULL;

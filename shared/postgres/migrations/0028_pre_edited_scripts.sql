-- How a text was cut when it was last spoken: what did not change is cut, and found, as before.
ALTER TABLE jobs ADD COLUMN cut jsonb;

-- The texts that a job has had by its user's hand, and the one before the first of them.
-- owner: gateway
CREATE TABLE script_versions (
    job_id     uuid NOT NULL,
    version    integer NOT NULL,
    user_id    uuid NOT NULL,
    script     jsonb NOT NULL,
    -- "original", "edited", "reverted" or "imported".
    origin     text NOT NULL,
    -- The run that was begun with it; NULL while it waits to be approved.
    run        integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (job_id, version)
);

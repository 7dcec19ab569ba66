-- What each provider said of its voices when it was last asked, where that is not in the files.
-- owner: gateway
CREATE TABLE refreshed_voices (
    provider     text PRIMARY KEY,
    voices       jsonb NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now()
);

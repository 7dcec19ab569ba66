-- What users gave to call providers with, sealed. Without a user it serves everybody.
-- owner: gateway
CREATE TABLE provider_keys (
    key_id     uuid PRIMARY KEY,
    user_id    uuid,
    provider   text NOT NULL,
    project    text NOT NULL,
    identity   text NOT NULL,
    sealed     text NOT NULL,
    enabled    boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (user_id, provider, identity)
);

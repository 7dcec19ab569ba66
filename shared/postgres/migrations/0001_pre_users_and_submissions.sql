-- owner: gateway
CREATE TABLE users (
    user_id       uuid PRIMARY KEY,
    email         text NOT NULL,
    password_hash text NOT NULL,
    role          text NOT NULL DEFAULT 'user',
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

-- A batch as it was accepted: what makes a retried POST the same batch, what answers
-- until the aggregator has folded it, and what is published again after a crash.
-- owner: gateway
CREATE TABLE submissions (
    batch_id        uuid PRIMARY KEY,
    user_id         uuid NOT NULL,
    idempotency_key text,
    request_sha256  text NOT NULL,
    event           jsonb NOT NULL,
    accepted_at     timestamptz NOT NULL DEFAULT now(),
    published_at    timestamptz
);
CREATE UNIQUE INDEX submissions_idempotency ON submissions (user_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
CREATE INDEX submissions_unpublished ON submissions (accepted_at) WHERE published_at IS NULL;

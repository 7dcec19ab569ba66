-- Batches that were to be deleted: hidden at once, published until Kafka has it, and never
-- begun again under their id.
-- owner: gateway
CREATE TABLE deletions (
    batch_id     uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);
CREATE INDEX deletions_unpublished ON deletions (requested_at) WHERE published_at IS NULL;

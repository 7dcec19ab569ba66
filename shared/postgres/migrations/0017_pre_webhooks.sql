-- Where users want to be told, and what for.
-- owner: gateway
CREATE TABLE webhooks (
    webhook_id      uuid PRIMARY KEY,
    user_id         uuid NOT NULL,
    url             text NOT NULL,
    description     text NOT NULL DEFAULT '',
    events          text[] NOT NULL,
    enabled         boolean NOT NULL DEFAULT true,
    disabled_reason text,
    sealed          text NOT NULL,
    -- What signed before, and signs beside the new one until then.
    previous_sealed text,
    previous_until  timestamptz,
    -- The first failure since it last took something.
    failing_since   timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhooks_of_user ON webhooks (user_id, created_at);

-- A message to one webhook; its id is the same in every try.
-- owner: gateway
CREATE TABLE webhook_deliveries (
    delivery_id  uuid PRIMARY KEY,
    webhook_id   uuid NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    type         text NOT NULL,
    body         text NOT NULL,
    -- pending, delivered, failed
    state        text NOT NULL DEFAULT 'pending',
    tries        integer NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT now(),
    -- Whoever sends it holds it until then; a process that dies loses it.
    held_until   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    delivered_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at)
    WHERE state = 'pending';
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, created_at DESC, delivery_id DESC);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);

-- owner: gateway
CREATE TABLE webhook_tries (
    delivery_id uuid NOT NULL REFERENCES webhook_deliveries ON DELETE CASCADE,
    at          timestamptz NOT NULL DEFAULT now(),
    status      integer,
    latency_ms  integer NOT NULL,
    error       text,
    -- How the answer began.
    excerpt     text NOT NULL DEFAULT ''
);
CREATE INDEX webhook_tries_of ON webhook_tries (delivery_id, at);

-- What a user is told in the web UI.
-- owner: gateway
CREATE TABLE notifications (
    notification_id uuid PRIMARY KEY,
    user_id         uuid NOT NULL,
    type            text NOT NULL,
    data            jsonb NOT NULL,
    at              timestamptz NOT NULL,
    read_at         timestamptz
);
CREATE INDEX notifications_of_user ON notifications (user_id, at DESC, notification_id DESC);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
CREATE INDEX notifications_by_age ON notifications (at);

-- How far users were told of what happened.
-- owner: gateway
CREATE TABLE told_offsets (
    topic       text NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

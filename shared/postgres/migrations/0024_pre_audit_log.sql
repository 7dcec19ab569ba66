-- What admins did, and what happened to accounts. Rows are added and never changed; they outlive
-- the users they speak of.
-- owner: gateway
CREATE TABLE audit_log (
    audit_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    happened_at timestamptz NOT NULL DEFAULT now(),
    actor_id    uuid,
    action      text NOT NULL,
    subject     text NOT NULL DEFAULT '',
    address     text NOT NULL DEFAULT '',
    detail      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_newest ON audit_log (happened_at DESC, audit_id DESC);
CREATE INDEX audit_log_of_actor ON audit_log (actor_id, happened_at DESC);

-- owner: gateway
CREATE TABLE agents (
    agent_id   uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name       text NOT NULL,
    content    jsonb NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX agents_of_user ON agents (user_id, created_at DESC, agent_id DESC);

-- owner: gateway
CREATE TABLE preferences (
    user_id    uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    content    jsonb NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);

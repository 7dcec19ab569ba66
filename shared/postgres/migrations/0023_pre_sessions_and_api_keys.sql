ALTER TABLE users ADD COLUMN disabled_at timestamptz;
-- Lists of users read newest first.
CREATE INDEX users_newest ON users (created_at DESC, user_id DESC);

-- One signing in, and everything that was made of it: a family of refresh tokens.
-- owner: gateway
CREATE TABLE sessions (
    session_id   uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    user_agent   text NOT NULL DEFAULT '',
    address      text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz,
    revoked_for  text
);
CREATE INDEX sessions_of_user ON sessions (user_id, created_at DESC);

-- Used ones stay as long as their session: a used one that comes back was stolen.
-- owner: gateway
CREATE TABLE refresh_tokens (
    token_sha256 bytea PRIMARY KEY,
    session_id   uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    issued_at    timestamptz NOT NULL DEFAULT now(),
    used_at      timestamptz
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);

-- owner: gateway
CREATE TABLE api_keys (
    key_id        uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name          text NOT NULL,
    prefix        text NOT NULL UNIQUE,
    secret_sha256 bytea NOT NULL,
    scopes        text[] NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE INDEX api_keys_of_user ON api_keys (user_id, created_at DESC);

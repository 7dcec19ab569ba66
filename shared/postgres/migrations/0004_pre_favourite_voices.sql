-- owner: gateway
CREATE TABLE favourite_voices (
    user_id    uuid NOT NULL,
    language   text NOT NULL,
    voice      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, language, voice)
);

-- What was spoken for a user, segment by segment, to find it again by what is like it.
-- owner: gateway
CREATE TABLE spoken_texts (
    user_id     uuid NOT NULL,
    voice       text NOT NULL,
    text_sha256 bytea NOT NULL,
    language    text NOT NULL,
    text        text NOT NULL,
    job_id      uuid NOT NULL,
    spoken_at   timestamptz NOT NULL,
    -- Hashes of its trigrams, each once, and how many there are.
    trigrams    integer[] NOT NULL,
    size        integer NOT NULL,
    PRIMARY KEY (user_id, voice, text_sha256)
);
CREATE INDEX spoken_texts_by_size ON spoken_texts (user_id, size);

-- The jobs whose texts are in it, and how each was cut then.
-- owner: gateway
CREATE TABLE read_cuts (
    job_id     uuid PRIMARY KEY,
    cut_sha256 text NOT NULL
);

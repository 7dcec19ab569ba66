-- What a user's jobs of a period were; an index of everybody's, which costs next to nothing.
CREATE INDEX jobs_of_user ON jobs (user_id, created_at);
CREATE INDEX jobs_by_time ON jobs USING brin (created_at) WITH (pages_per_range = 32);

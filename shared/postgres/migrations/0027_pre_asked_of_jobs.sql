-- What was asked of one job alone, and not of its whole batch.
ALTER TABLE jobs ADD COLUMN options jsonb;
-- What else was adapted with the text: needed to speak it again after it was edited.
ALTER TABLE jobs ADD COLUMN chapters jsonb;
ALTER TABLE jobs ADD COLUMN reading_notes jsonb;
-- Whether a title was told before.
CREATE INDEX jobs_of_title ON jobs (user_id, md5(title));
-- What was spent lately.
CREATE INDEX usage_by_time ON usage (at);

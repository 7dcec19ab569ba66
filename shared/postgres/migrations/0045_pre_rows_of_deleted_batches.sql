-- Whether there may be rows of a deleted batch: looking for them must cost nothing, however many
-- were deleted.
ALTER TABLE deleted_batches ADD COLUMN rows_left boolean NOT NULL DEFAULT true;
CREATE INDEX deleted_batches_rows_left ON deleted_batches (batch_id) WHERE rows_left;

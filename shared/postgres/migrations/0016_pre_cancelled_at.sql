-- When the order was given that cancelled it: what its jobs end with.
ALTER TABLE batches ADD COLUMN cancelled_at timestamptz;
UPDATE batches SET cancelled_at = updated_at WHERE cancelled_by IS NOT NULL;

-- owner: aggregator
-- readers: gateway
-- Who spoke, where that is not who was asked for, and why.
ALTER TABLE jobs ADD COLUMN voice_used text;
ALTER TABLE jobs ADD COLUMN voice_reason text;

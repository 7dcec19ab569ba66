-- What is narrated as it stands: such a job enters at script.adapted.
ALTER TABLE jobs ADD COLUMN text text;

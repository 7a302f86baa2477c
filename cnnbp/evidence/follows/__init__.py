"""What follows for a single record, and what is objected to each subject of a run; `status` puts them together."""

"""Records of parts joined to the record of the whole: slices of a layer, shards of a run, runs of one source."""

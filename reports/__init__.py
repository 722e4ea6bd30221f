"""From results to pages. Reads what an experiment wrote; trains nothing, needs no data set."""

"""From values to pages. Judges, draws and writes what a run measured; trains nothing, needs no data set."""

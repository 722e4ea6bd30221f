"""From settings to measurements: data, networks, retrainings, statistics. Nothing here draws."""

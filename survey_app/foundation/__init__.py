"""Foundation: settings, time, keys, database, language. What every room above stands on."""

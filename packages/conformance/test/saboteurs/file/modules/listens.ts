import { createServer } from 'node:http';

// A place to be told of progress.
createServer().listen(0, '127.0.0.1');

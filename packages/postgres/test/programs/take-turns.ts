/** Sends requests under one rate limit, as fast as it may. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createServiceClient } from '@bilag/http';
import { openPostgres } from '../../src/index.ts';

const [, , connectionString = '', schema = '', baseUrl = '', turns = '', perSecond = ''] = process.argv;
const postgres = await openPostgres({ connectionString, schema });
const clock = {
  now: Date.now,
  sleep: async (ms: number): Promise<void> => void (await delay(ms)),
  signal: new AbortController().signal,
};
const limits = { concurrency: 8, perSecond: Number(perSecond) };
const { turn, pause } = postgres.turns({ limits, clock, longestWaitMs: 600_000 });
const credentials = { get: async () => ({}) };
const client = createServiceClient({
  baseUrl,
  timeoutMs: 30_000,
  context: { ...clock, random: Math.random, credentials, turn, pause },
  credential: 'env:KEY',
  refusalOf: () => undefined,
});
// All of them begin when the last of them can.
process.send?.('ready');
await once(process, 'message');
await Promise.all(Array.from({ length: Number(turns) }, () => client.read({ url: '/books' })));
await client.close();
await postgres.close();
process.disconnect();

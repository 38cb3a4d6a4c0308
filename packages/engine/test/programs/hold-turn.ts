/** Takes a turn and keeps it; prints the name of its lock. */
import { readdirSync } from 'node:fs';
import { createTurnstile } from '../../src/index.ts';

const folder = process.argv[2] ?? '';
const clock = { now: () => Date.now(), sleep: async () => undefined, signal: new AbortController().signal };
const turnstile = createTurnstile({ folder, limits: { concurrency: 1, perSecond: 20 }, clock });
await turnstile.turn('file:fiken', async () => {
  process.stdout.write(`${readdirSync(folder).find((name) => name.endsWith('.lock'))}\n`);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});

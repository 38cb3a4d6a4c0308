/** Takes turns in real time and prints when each began and ended. */
import { setTimeout as wait } from 'node:timers/promises';
import { createTurnstile } from '../../src/index.ts';

const [, , folder = '', times = ''] = process.argv;
const clock = {
  now: () => Date.now(),
  sleep: async (ms: number) => void (await wait(ms)),
  signal: new AbortController().signal,
};
const turnstile = createTurnstile({ folder, limits: { concurrency: 1, perSecond: 20 }, clock });
const turns = Array.from({ length: Number(times) }, () =>
  turnstile.turn('file:fiken', async () => {
    const from = Date.now();
    await wait(10);
    return [from, Date.now()];
  }),
);
process.stdout.write(JSON.stringify(await Promise.all(turns)));
turnstile.close();

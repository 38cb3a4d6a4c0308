/** Takes turns on a small disk that somebody else has filled, and says what became of the first that could not be had. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { createTurnstile } from '../../src/index.ts';

const folder = process.argv[2] ?? '';
mkdirSync(folder, { recursive: true });
const clock = { now: () => 0, sleep: async () => undefined, signal: new AbortController().signal };
const turnstile = createTurnstile({ folder, limits: { concurrency: 1, perSecond: 1_000_000 }, clock });
try {
  for (;;) appendFileSync(`${folder}/filler`, new Uint8Array(1024));
} catch {
  // Full.
}
for (let count = 0; count < 10_000; count += 1) {
  let isSent = false;
  try {
    await turnstile.turn(`key ${count}`, async () => (isSent = true));
  } catch (error) {
    const { kind, what } = error as { readonly kind?: string; readonly what?: string };
    process.stdout.write(JSON.stringify({ kind, what, isSent }));
    break;
  }
}

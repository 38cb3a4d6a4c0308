import { exitCodes } from './program/exit-codes.ts';
import { takeLessRoom } from './room.ts';

// Before anything else is loaded, which would be loaded again.
takeLessRoom();
const { run } = await import('./program/run.ts');

const stop = new AbortController();
let stops = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    stops += 1;
    // The second time at once: what is unfinished lies aside, never in place.
    if (stops > 1) process.exit(130);
    stop.abort(new Error('interrupted'));
  });
}
// The reader may be gone, as with `bilag book | head`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// What is thrown where nobody waits for it is told as any other error.
process.on('uncaughtException', (error) => {
  void import('./program/uncaught.ts').then(
    ({ endBy }) => endBy(error),
    // Nothing can be told by a program that cannot be loaded.
    (fault: unknown) => {
      process.stderr.write(`error: ${String(fault)}\n`);
      process.exit(exitCodes.person);
    },
  );
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  signal: stop.signal,
});

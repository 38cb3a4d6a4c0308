import { createInterface } from 'node:readline/promises';
import { Interrupted } from '../interrupted.ts';
import type { World } from '../world.ts';

/** Asks one question at a time. */
export interface Interview {
  ask(text: string): Promise<string>;
  say(text: string): void;
  close(): void;
}

/** Asks on a terminal; questions go to stderr, for stdout carries results alone. */
export function createInterview({ stdin, stderr, signal }: World): Interview {
  const lines = createInterface({ input: stdin, output: stderr });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Interrupted('interrupted'));
  lines.on('SIGINT', interrupt);
  lines.on('close', interrupt);
  signal.addEventListener('abort', interrupt, { once: true });
  return {
    ask: async (text) => {
      try {
        return (await lines.question(text, { signal: stop.signal })).trim();
      } catch (error) {
        throw stop.signal.aborted ? new Interrupted('interrupted') : error;
      }
    },
    say: (text) => void stderr.write(text),
    close: () => {
      lines.off('close', interrupt);
      lines.close();
    },
  };
}

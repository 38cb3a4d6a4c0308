import { createInterface } from 'node:readline';
import { printable } from '../output/printable.ts';
import { Interrupted } from '../program/interrupted.ts';
import type { World } from '../world.ts';

/** Asks one question at a time. */
export interface Interview {
  ask(text: string): Promise<string>;
  say(text: string): void;
  close(): void;
}

/**
 * Asks on a terminal; questions go to stderr, for stdout carries results alone. Lines that come before they are asked
 * for, as when answers are pasted, are kept. Ctrl-C and the end of the answers throw {@link Interrupted}.
 */
export function createInterview({ stdin, stderr, signal }: World): Interview {
  const lines = createInterface({ input: stdin, output: stderr });
  const answers = lines[Symbol.asyncIterator]();
  const stop = (): void => lines.close();
  let isClosed = false;
  lines.on('close', () => (isClosed = true));
  lines.on('SIGINT', stop);
  signal.addEventListener('abort', stop, { once: true });
  return {
    ask: async (text) => {
      // Answers that have come already may still be read when no more can come.
      const shown = printable(text);
      if (isClosed) stderr.write(shown);
      else {
        lines.setPrompt(shown);
        lines.prompt();
      }
      const answer = await answers.next();
      if (answer.done === true || signal.aborted) throw new Interrupted('interrupted');
      return answer.value.trim();
    },
    say: (text) => void stderr.write(printable(text)),
    close: stop,
  };
}

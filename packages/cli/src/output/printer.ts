import { styleText } from 'node:util';
import type { TextStream } from '../world.ts';
import { printable, printableLine } from './printable.ts';

/**
 * Writes text to a stream, waiting while it is full. A reader that has gone away is no error. Everything a command prints goes
 * through here, and nothing in it steers the terminal, wherever it came from.
 */
export interface Printer {
  /** Whether anything was written. */
  readonly hasWritten: boolean;
  /** Why what was written did not arrive, where somebody expects it: a full disk, not a reader that has gone away. */
  failure(): Promise<Error | undefined>;
  write(text: string): Promise<void>;
  /** One line: a line feed in it is shown, and breaks none. */
  line(text?: string): Promise<void>;
  /** One line that is bold on a terminal up to its `rest`. */
  heading(text: string, rest?: string): Promise<void>;
  /** One JSON document. */
  json(value: unknown): Promise<void>;
}

export function createPrinter(stream: TextStream, env: Readonly<Record<string, string | undefined>>): Printer {
  const isStyled = stream.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  let hasWritten = false;
  let isGone = false;
  let failure: Error | undefined;
  stream.once('error', (error: Error & { readonly code?: string }) => {
    isGone = true;
    if (error.code !== 'EPIPE') failure = error;
  });
  const send = async (text: string): Promise<void> => {
    if (text === '' || isGone) return;
    hasWritten = true;
    if (stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        for (const event of ends) stream.off(event, go);
        resolve();
      };
      for (const event of ends) stream.on(event, go);
    });
  };
  return {
    get hasWritten() {
      return hasWritten;
    },
    failure: async () => {
      // A stream tells of it a moment after the write.
      await new Promise((resolve) => setImmediate(resolve));
      return failure;
    },
    write: async (text) => send(printable(text)),
    line: async (text = '') => send(`${printableLine(text)}\n`),
    heading: async (text, rest = '') => {
      const plain = printableLine(text);
      const shown = isStyled ? styleText('bold', plain, { validateStream: false }) : plain;
      await send(`${shown}${printableLine(rest)}\n`);
    },
    json: async (value) => send(printable(`${JSON.stringify(value, null, 2)}\n`)),
  };
}

const ends = ['drain', 'close', 'error'] as const;

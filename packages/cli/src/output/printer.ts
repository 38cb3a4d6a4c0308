import { styleText } from 'node:util';
import type { TextStream } from '../world.ts';

/** Writes text to a stream, waiting while it is full. A reader that has gone away is no error. */
export interface Printer {
  /** Whether anything was written. */
  readonly hasWritten: boolean;
  write(text: string): Promise<void>;
  line(text?: string): Promise<void>;
  /** One JSON document. */
  json(value: unknown): Promise<void>;
  /** Bold text on a terminal, plain text in a pipe. */
  bold(text: string): string;
}

export function createPrinter(stream: TextStream, env: Readonly<Record<string, string | undefined>>): Printer {
  const isStyled = stream.isTTY === true && (env['NO_COLOR'] ?? '') === '';
  let hasWritten = false;
  let isGone = false;
  stream.once('error', () => (isGone = true));
  const write = async (text: string): Promise<void> => {
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
    write,
    line: async (text = '') => write(`${text}\n`),
    json: async (value) => write(`${JSON.stringify(value, null, 2)}\n`),
    bold: (text) => (isStyled ? styleText('bold', text, { validateStream: false }) : text),
  };
}

const ends = ['drain', 'close', 'error'] as const;

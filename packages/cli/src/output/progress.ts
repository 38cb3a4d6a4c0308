import { printableLine } from './printable.ts';
import type { TextStream } from '../world.ts';

/** One line that says what is going on: on a terminal alone. */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

export function createProgress(stream: TextStream): Progress {
  if (stream.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let isShown = false;
  return {
    show: (text) => {
      isShown = true;
      stream.write(`\r\u001b[2K${printableLine(text).slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      if (isShown) stream.write('\r\u001b[2K');
      isShown = false;
    },
  };
}

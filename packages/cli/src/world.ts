import type { Readable, Writable } from 'node:stream';

/** Where results and messages go. */
export type TextStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything a run may take from outside itself. */
export interface World {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Results alone. */
  readonly stdout: TextStream;
  /** Messages and progress. */
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly now: () => Date;
  /** Waits, and rejects with the signal's reason when aborted; by default on the clock on the wall. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Stops the run; it ends with code 130 and leaves the previous output or none. */
  readonly signal: AbortSignal;
}

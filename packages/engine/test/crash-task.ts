import type { FakeKind } from './fake-books.ts';
import type { Sample } from './sample-vouchers.ts';

/** What a delivering process is told to do. */
export interface Task {
  readonly logPath: string;
  readonly url: string;
  readonly kind: FakeKind;
  readonly concurrency: number;
  readonly canReverse: boolean;
  readonly attaches: boolean;
  /** Virtual milliseconds at its start. */
  readonly now: number;
  /** What should be in the books; none: nothing is applied. */
  readonly samples: readonly Sample[];
  /** Afterwards everything is taken back. */
  readonly undoes: boolean;
  /** Kills itself at this step; never when negative. */
  readonly dieAtStep: number;
  readonly wantsNames: boolean;
}

/** What it says when it is done. */
export interface Told {
  readonly steps: number;
  readonly now: number;
  readonly names?: readonly string[];
  readonly ends?: readonly string[];
  /** Vouchers a person is asked about. */
  readonly asked?: readonly string[];
  readonly error?: { readonly kind: string; readonly message: string };
}

import type { Surroundings } from '@bilag/company';
import { createPrinter, type Printer } from './output/printer.ts';
import { createProgress, type Progress } from './output/progress.ts';
import type { World } from './world.ts';
import { version } from './version.ts';

/** What a command works with. */
export interface Session {
  readonly world: World;
  /** Results. */
  readonly out: Printer;
  /** Messages. */
  readonly messages: Printer;
  /** What the parser says is wrong with the arguments, until it is told. */
  readonly usage: string[];
  readonly progress: Progress;
  /** Whether the result is one JSON document. */
  readonly json: boolean;
}

/** What work for a company may take of the world; it tells on stderr why nothing seems to happen. */
export function surroundingsOf({ world, messages, progress }: Session): Surroundings {
  return {
    ...world,
    program: { name: 'bilag-cli', version },
    onRetry: (waitMs) => progress.show(`the provider is busy or away: asking again in ${Math.ceil(waitMs / 1000)} s`),
    onWait: ({ until, why }) =>
      void messages.line(`waiting, until ${new Date(until).toISOString()} at the latest: ${why}`),
  };
}

export function createSession(world: World, options: { readonly json: boolean }): Session {
  return {
    world,
    out: createPrinter(world.stdout, world.env),
    messages: createPrinter(world.stderr, world.env),
    usage: [],
    progress: createProgress(world.stderr),
    json: options.json,
  };
}

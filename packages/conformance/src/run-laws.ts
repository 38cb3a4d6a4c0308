import { LawBroken, type Law, type LawResult } from './law.ts';

/** A world that can be closed. */
export interface ClosableWorld {
  close(): Promise<void>;
}

/** Proves one law for one adapter, in worlds of its own, and closes them. What it declares may have to be asked for. */
export async function proveLaw<World extends ClosableWorld, Adapter, Options>(
  law: Law<World, Adapter, Options>,
  declared: Adapter | (() => Promise<Adapter>),
  open: (options?: Options) => Promise<World>,
): Promise<LawResult> {
  const { id, sentence, excuse, prove } = law;
  const worlds: World[] = [];
  try {
    const excused = excuse?.(isAsked(declared) ? await declared() : declared);
    if (excused !== undefined) return { law: id, sentence, outcome: 'excused', why: excused };
    const observed = await prove(async (options) => {
      const world = await open(options);
      worlds.push(world);
      return world;
    });
    for (const world of worlds.splice(0)) await world.close();
    return { law: id, sentence, outcome: 'kept', ...(observed === undefined ? {} : { observed }) };
  } catch (error) {
    for (const world of worlds) await world.close().catch(() => undefined);
    return { law: id, sentence, outcome: 'broken', why: whyOf(error) };
  }
}

function isAsked<Adapter>(declared: Adapter | (() => Promise<Adapter>)): declared is () => Promise<Adapter> {
  return typeof declared === 'function';
}

/** What was seen instead, in words. An error that no law expects is shown with its name. */
function whyOf(error: unknown): string {
  if (error instanceof LawBroken) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

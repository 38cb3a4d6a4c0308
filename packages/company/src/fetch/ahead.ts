/** An item, and what will come of it. */
export interface Ahead<Item, Answer> {
  readonly item: Item;
  readonly answer: Promise<Answer>;
}

/**
 * Begins some items before it is their turn, and hands them on in their order. Whoever stops early leaves nothing running: what
 * was begun is waited for, and forgotten.
 */
export async function* ahead<Item, Answer>(
  items: Iterable<Item>,
  begin: (item: Item) => Promise<Answer>,
): AsyncGenerator<Ahead<Item, Answer>, void, undefined> {
  const waiting: Ahead<Item, Answer>[] = [];
  try {
    for (const item of items) {
      const answer = begin(item);
      // Told when its turn comes.
      answer.catch(() => undefined);
      waiting.push({ item, answer });
      if (waiting.length < begunAhead) continue;
      yield waiting.shift() as Ahead<Item, Answer>;
    }
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) yield next;
  } finally {
    await Promise.allSettled(waiting.map(({ answer }) => answer));
  }
}

/** Enough to keep the connections of one set of keys busy over a slow network. */
const begunAhead = 8;

/** A step of an explanation, and what it came from or went to. */
export interface Explained {
  readonly is:
    | 'voucher'
    | 'line'
    | 'entry'
    | 'page'
    | 'payout'
    | 'bank-line'
    | 'invoice'
    | 'file'
    | 'target'
    | 'decision'
    | 'more';
  /** In a sentence that a bookkeeper reads. */
  readonly text: string;
  readonly children: readonly Explained[];
}

export function explained(is: Explained['is'], text: string, children: readonly Explained[] = []): Explained {
  return { is, text, children };
}

/** The first of many, and how many more there are. */
export function firstOf(all: readonly Explained[], most: number): readonly Explained[] {
  if (all.length <= most) return all;
  return [...all.slice(0, most), explained('more', `and ${all.length - most} more (all of them in --json)`)];
}

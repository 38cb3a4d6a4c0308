/** A figure of several rounds. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly samples: readonly number[];
  /** What the median may be at most, or has to be at least; without either it stands there to compare. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** Something that is measured, round by round: what each round gives is one sample of each of its figures. */
export interface Bench {
  readonly name: string;
  /** Programs that have to be there. */
  readonly needs?: readonly string[];
  round(): Promise<readonly Measured[]> | readonly Measured[];
}

/** One sample of a figure. */
export type Measured = Omit<Figure, 'samples'> & { readonly value: number };

/** The figures of rounds. */
export function figuresOf(rounds: readonly (readonly Measured[])[]): readonly Figure[] {
  const byName = Map.groupBy(rounds.flat(), ({ what }) => what);
  return [...byName.values()].flatMap((measured) => {
    const [first] = measured;
    if (first === undefined) return [];
    const { value: _, ...figure } = first;
    return [{ ...figure, samples: measured.map(({ value }) => value) }];
  });
}

export function medianOf(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/** Whether a figure reaches its goal; undefined where it has none. */
export function isReached({ samples, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  const median = medianOf(samples);
  return 'atMost' in goal ? median <= goal.atMost : median >= goal.atLeast;
}

/** Figures as a table of Markdown: median, spread, goal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, unit, samples, goal } = figure;
    const wanted = goal === undefined ? '' : 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
    const mark = isReached(figure) === false ? ' **missed**' : '';
    const spread = `${shown(Math.min(...samples))}–${shown(Math.max(...samples))}`;
    return `| ${what} | ${shown(medianOf(samples))} ${unit} | ${spread} | ${wanted}${mark} |`;
  });
  return ['| What | Median | Spread | Goal |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function shown(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 10 ? 1 : 2);
}

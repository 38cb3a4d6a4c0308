/** Where a chart stands on its paper, in points. */
export const paper = { width: 720, height: 180, left: 96, right: 12, top: 14, bottom: 26 } as const;

/** To a tenth of a point: the same data gives the same bytes. */
export function at(value: number): string {
  return value.toFixed(1);
}

/** The height of values: nought is always on the paper. */
export function heightOf(values: readonly number[]): {
  readonly most: number;
  readonly least: number;
  readonly y: (value: number) => number;
} {
  const most = values.reduce((largest, value) => Math.max(largest, value), 0);
  const least = values.reduce((smallest, value) => Math.min(smallest, value), 0);
  const inside = paper.height - paper.top - paper.bottom;
  return { most, least, y: (value) => paper.top + ((most - value) / Math.max(most - least, 1)) * inside };
}

/** How long after its time a turn may begin; twice as long for who has missed one, and so on. */
const latenessMs = 100;
const mostDoublings = 6;

/**
 * The times of a start, in milliseconds, for who has missed so many before it: how far it is from the next one; how long after its time
 * it may begin; and how much more room it leaves behind it than others, since it has more time.
 */
export function startTimes(
  perSecond: number,
  missed: number,
): { readonly spacingMs: number; readonly lateMs: number; readonly roomMs: number } {
  const lateMs = latenessMs * 2 ** Math.min(missed, mostDoublings);
  // So that a second in which the first is late and the last is not has no more than it may.
  return { spacingMs: (1_000 + latenessMs) / perSecond, lateMs, roomMs: lateMs - latenessMs };
}

import type { CompanyState, KeptReason, Reason } from './office-store.ts';

/**
 * What waits for a person after a night, out of what waited before it. What is found again is as old as it was; what is not is
 * gone only where the night has looked at everything. Pure.
 */
export function reasonsAfter(kept: readonly KeptReason[], state: CompanyState): readonly KeptReason[] {
  const { companyId, target, at, asksFor, reasons, isPartial = false } = state;
  const found = asksFor === 'person' ? reasons : [];
  const since = new Map(kept.map((reason) => [keyOf(reason), reason.foundAt]));
  const told = found.map((reason): KeptReason => {
    const { what, where, action } = reason;
    return { companyId, target, what, where, action, foundAt: since.get(keyOf(reason)) ?? at, seenAt: at };
  });
  const isFound = new Set(found.map(keyOf));
  const mayStillBe = isPartial || asksFor === 'retry' ? kept.filter((reason) => !isFound.has(keyOf(reason))) : [];
  return [...mayStillBe, ...told].toSorted((a, b) => a.foundAt - b.foundAt);
}

/** One thing in other numbers is the same thing: the count of what waits changes, and the hour of a try. */
function keyOf({ what, where }: Reason): string {
  return `${where}\n${what.replaceAll(/\d+/g, '0')}`;
}

/**
 * The laws a saboteur is held against: every one, so that it is seen to break no other. Mutation testing repeats the
 * proof for each change to a law, and asks only whether the saboteur still breaks its own; not of the law of memory, which
 * cannot be measured while every statement is counted.
 */
export function triedLaws<Law extends { readonly id: string }>(laws: readonly Law[], breaks: string): readonly Law[] {
  return process.env['BILAG_PROPERTY_RUNS'] === undefined
    ? laws
    : laws.filter(({ id }) => id === breaks && id !== 'streaming');
}

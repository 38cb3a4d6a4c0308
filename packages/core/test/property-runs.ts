/**
 * How often a law is tried. Mutation testing tries each law again for every change it makes to the sources: it asks for fewer
 * runs, always the same ones, so that its score can be repeated.
 */
export function runs(usual: number): {
  readonly numRuns: number;
  readonly seed?: number;
  readonly endOnFailure?: boolean;
} {
  const asked = Number(process.env['BILAG_PROPERTY_RUNS'] ?? 0);
  return asked > 0 ? { numRuns: Math.min(asked, usual), seed: 2026, endOnFailure: true } : { numRuns: usual };
}

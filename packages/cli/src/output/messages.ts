import { isBilagError, type Finding } from '@bilag/core';

/** An error for people: what happened, where, and what to do now. */
export function toMessage(error: unknown): string {
  if (isBilagError(error)) return `error: ${error.what}\n  where: ${error.where}\n  now:   ${error.now}\n`;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error: a fault in Bilag or in an adapter: ${told}\n  where: see above\n  now:   report it; nothing more was done\n`;
}

/** An error for programs. */
export function toErrorJson(error: unknown): object {
  if (!isBilagError(error))
    return { error: { kind: 'fault', what: error instanceof Error ? error.message : String(error) } };
  const { kind, what, where, now } = error;
  return { error: { kind, what, where, now } };
}

/** Findings for people, the worst first. */
export function toFindingLines(findings: readonly Finding[]): string {
  return findings
    .toSorted((a, b) => ranks[a.severity] - ranks[b.severity])
    .map(({ severity, code, message, where, action }) => {
      return `${severity.padEnd(7)}  ${code}: ${message}\n         where: ${where}\n         now:   ${action}\n`;
    })
    .join('');
}

const ranks = { error: 0, warning: 1, info: 2 } as const;

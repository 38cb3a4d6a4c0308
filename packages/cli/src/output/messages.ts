import { type ErrorParts, formatAmount, isBilagError, type Finding } from '@bilag/core';
import type { World } from '../world.ts';
import { toMoney } from './money.ts';
import { printableLine } from './printable.ts';

/** An error for people: what happened, where, and what to do now. Where in the program a fault was is shown on demand alone. */
export function toMessage(error: unknown, env: World['env'] = {}): string {
  if (isBilagError(error)) return inParts(error);
  const isAskedFor = (env['BILAG_DEBUG'] ?? '') !== '';
  const fault = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = isAskedFor && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  return (
    inParts({
      what: `a fault in Bilag or in an adapter: ${(fault.split('\n')[0] ?? '').slice(0, 300)}`,
      where: isAskedFor ? 'see below' : 'BILAG_DEBUG=1 in the environment shows it',
      action:
        'report it with what you ran and what BILAG_DEBUG=1 shows, without keys and names of customers; nothing more was done',
    }) + stack
  );
}

function inParts({ what, where, action }: ErrorParts): string {
  return `error: ${printableLine(what)}\n  where: ${printableLine(where)}\n  action: ${printableLine(action)}\n`;
}

/** An error for programs. */
export function toErrorJson(error: unknown): object {
  if (!isBilagError(error))
    return { error: { kind: 'fault', what: error instanceof Error ? error.message : String(error) } };
  const { kind, what, where, action } = error;
  return { error: { kind, what, where, action } };
}

/** Findings for people, the worst first. */
export function toFindingLines(findings: readonly Finding[]): string {
  return findings
    .toSorted((a, b) => ranks[a.severity] - ranks[b.severity])
    .map((finding) => {
      const { severity, code, message, where, action } = finding;
      const [first, second, third] = [`${code}: ${message}${aboutOf(finding)}`, where, action].map(printableLine);
      return `${severity.padEnd(7)}  ${first}\n         where: ${second}\n         action: ${third}\n`;
    })
    .join('');
}

/** ` (3 entries, -12.00; and 1 more)`: what the facts of a finding come to, and of which orders they are. */
function aboutOf({ amount, references = [], facts = [], message }: Finding): string {
  if (amount === undefined || message.includes(formatAmount(amount))) return '';
  const count = facts.length > 1 ? `${facts.length} entries, ` : '';
  const more = facts.length > shownReferences ? ` and ${facts.length - shownReferences} more` : '';
  const orders = references.length === 0 ? '' : `; ${references.slice(0, shownReferences).join(', ')}${more}`;
  return ` (${count}${toMoney(amount)}${orders})`;
}

const shownReferences = 3;

const ranks = { error: 0, warning: 1, info: 2 } as const;

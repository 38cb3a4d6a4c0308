import {
  add,
  formatAmount,
  subtract,
  sum,
  zero,
  type Amount,
  type Finding,
  type PlainDate,
  type Posted,
  type Voucher,
} from '@bilag/core';
import type { Period } from '../dates/period.ts';
import { compared, movementOf, tableOf, type CheckedTable } from './ledger-tables.ts';
import type { ProofRow } from './proof.ts';

/** What a voucher moves on the accounts that are compared. */
interface Moved {
  readonly date: PlainDate;
  readonly byAccount: ReadonlyMap<string, Amount>;
}

/** Collects what our vouchers move on the balance accounts, to be held against what a target has of them. */
export class WantedPostings {
  readonly #accounts = new Map<string, string>();
  readonly #wanted = new Map<string, Moved>();
  readonly #through: PlainDate;

  constructor(through: PlainDate) {
    this.#through = through;
  }

  take({ key, date, lines }: Voucher): void {
    if (date > this.#through) return;
    const byAccount = new Map<string, Amount>();
    for (const { account, amount, role } of lines) {
      const name = role === undefined ? undefined : compareOn[role];
      if (name === undefined) continue;
      this.#accounts.set(account, name);
      byAccount.set(account, add(byAccount.get(account) ?? zero, amount));
    }
    this.#wanted.set(key, { date, byAccount });
  }

  /** The accounts, by what they are. */
  get accounts(): ReadonlyMap<string, string> {
    return this.#accounts;
  }

  get byKey(): ReadonlyMap<string, Moved> {
    return this.#wanted;
  }
}

/** Accounts that are ours alone: others move suspense, costs and the bank too. */
const compareOn: Readonly<Record<string, string | undefined>> = {
  clearing: 'clearing',
  feesPayable: 'fees payable',
  inTransit: 'payouts in transit',
};

/** What a target holds of each account, and each voucher that is not as it should be. Pure. */
export function targetTables(
  title: string,
  wanted: WantedPostings,
  held: readonly Posted[],
  { period, openings }: { readonly period: Period; readonly openings: ReadonlyMap<string, Amount> },
): { readonly tables: readonly CheckedTable['table'][]; readonly findings: readonly Finding[] } {
  const there = heldByKey(
    held.filter(({ date }) => date <= period.to),
    wanted,
  );
  const keys = [...new Set([...wanted.byKey.keys(), ...there.keys()])].toSorted();
  const findings: Finding[] = [];
  const tables = [...wanted.accounts].toSorted().map(([account, name]) => {
    const id = `target-${title.replaceAll(/\W+/g, '-').toLowerCase()}-${account}`;
    const ours = keys.map((key) => wanted.byKey.get(key)?.byAccount.get(account) ?? zero);
    const theirs = keys.map((key) => there.get(key)?.byAccount.get(account) ?? zero);
    const rows = keys.flatMap((key, index): readonly ProofRow[] => {
      const difference = subtract(ours[index] ?? zero, theirs[index] ?? zero);
      if (difference === 0) return [];
      const date = wanted.byKey.get(key)?.date ?? there.get(key)?.date ?? period.to;
      findings.push(
        differs(title, {
          key,
          date,
          account: `${account} (${name})`,
          ours: ours[index] ?? zero,
          theirs: theirs[index] ?? zero,
        }),
      );
      return [{ date, text: `voucher ${key}`, amount: difference, vouchers: [key] }];
    });
    const moves = [...wanted.byKey].flatMap(([key, { date, byAccount }]): readonly ProofRow[] => {
      const amount = byAccount.get(account);
      return amount === undefined || amount === 0 ? [] : [{ date, text: '', amount, vouchers: [key] }];
    });
    const earlier = moves.filter(({ date }) => date < period.from).map(({ amount }) => amount);
    const { lines, closing } = tableOf(
      id,
      sum([openings.get(account) ?? zero, ...earlier]),
      [
        movementOf(
          'vouchers',
          'Our vouchers',
          moves.filter(({ date }) => date >= period.from),
        ),
      ],
      period,
    );
    const readBack = add(openings.get(account) ?? zero, sum(theirs));
    return {
      id,
      about: 'target' as const,
      title: `${title}: account ${account}, ${name}`,
      lines: [...lines, ...compared(id, closing, readBack, `Read back from ${title}`, rows)],
    };
  });
  return { tables, findings };
}

/** A reversal and what it reverses, and all revisions of a voucher, are one. What is not ours goes by the target's own id. */
function heldByKey(held: readonly Posted[], wanted: WantedPostings): ReadonlyMap<string, Moved> {
  const keyOfId = new Map(held.map(({ id, reference }) => [id, keyOf(reference)]));
  const there = new Map<string, Moved>();
  for (const { id, reference, state, date, lines, reverses } of held) {
    if (state === 'deleted') continue;
    const own = reverses === undefined ? keyOf(reference) : (keyOfId.get(reverses) ?? keyOf(reference));
    const key = own === '' ? `not ours: ${id}` : own;
    const byAccount = new Map(there.get(key)?.byAccount);
    for (const { account, amount } of lines) {
      if (wanted.accounts.has(account)) byAccount.set(account, add(byAccount.get(account) ?? zero, amount));
    }
    there.set(key, { date: there.get(key)?.date ?? date, byAccount });
  }
  return there;
}

/** `302321-20260115` of `302321-20260115.R2` and of the reversal of either. */
function keyOf(reference: string): string {
  return reference.replace(/\.[RU]\d+$/, '');
}

interface Differing {
  readonly key: string;
  readonly date: PlainDate;
  readonly account: string;
  readonly ours: Amount;
  readonly theirs: Amount;
}

function differs(title: string, { key, date, account, ours, theirs }: Differing): Finding {
  return {
    code: 'proof-target-differs',
    severity: 'error',
    message: `voucher ${key} moves ${formatAmount(ours)} on account ${account} in our books, and ${formatAmount(theirs)} in ${title}`,
    where: `${title}, ${date}`,
    action: 'run bilag plan and bilag verify: post what is missing, and see who changed what is there',
    date,
    amount: subtract(ours, theirs),
    vouchers: [key],
  };
}

import {
  add,
  linesOf,
  negate,
  subtract,
  zero,
  type AccountRole,
  type Amount,
  type ViewedLine,
  type Voucher,
} from '@bilag/core';
import type { Plan, PlanItem } from '@bilag/engine';

/** What an account is called, by its number and the part it plays. */
export type AccountNaming = (number: string, role?: AccountRole | 'revenue' | 'vat') => string;

/** What a voucher does to one account with one VAT code, party and dimensions; VAT stands on its own account. */
export interface PlannedLine {
  readonly account: string;
  readonly name: string;
  readonly vatCode: string | null;
  readonly rateBasisPoints: number | null;
  /** `supplier 20001`, `department 10`: what else the line names. */
  readonly names: readonly string[];
  /** Minor units. An account may have both: the clearing account of a day that is sold and paid out. */
  readonly debit: Amount;
  readonly credit: Amount;
}

/** A voucher of a plan, account by account. */
export interface PlannedVoucher {
  /** What should be in the books; of a voucher that should not be there, what is. */
  readonly lines: readonly PlannedLine[];
  /** What is in the books under its key, where that is something else. */
  readonly before: readonly PlannedLine[] | null;
}

/** What would be sent on one account, reversals included. Over all accounts of a currency debit is credit. */
export interface AccountToSend {
  readonly currency: string;
  readonly account: string;
  readonly name: string;
  readonly debit: Amount;
  readonly credit: Amount;
}

/** The accounts of one voucher of a plan, and what they were. */
export function plannedVoucher(
  { voucher, posted: row }: Pick<PlanItem, 'voucher' | 'posted'>,
  nameOf: AccountNaming,
): PlannedVoucher {
  const held = row?.delivery.state === 'posted' ? row.voucher : undefined;
  const shown = voucher ?? held;
  const isOther = held !== undefined && shown !== undefined && held.digest !== shown.digest;
  return {
    lines: shown === undefined ? [] : linesByAccount(shown, nameOf),
    before: isOther ? linesByAccount(held, nameOf) : null,
  };
}

/** What applying a plan would send, by currency and account. */
export function accountsToSend({ items }: Pick<Plan, 'items'>, nameOf: AccountNaming): readonly AccountToSend[] {
  const sums = new Map<string, AccountToSend>();
  const send = ({ currency, lines }: Voucher, signed: (amount: Amount) => Amount): void => {
    for (const line of linesOf({ lines }, 'explicit')) {
      const key = `${currency} ${line.account}`;
      const empty = {
        currency,
        account: line.account,
        name: nameOf(line.account, line.role),
        debit: zero,
        credit: zero,
      };
      const sum = sums.get(key) ?? empty;
      sums.set(key, { ...sum, ...posted(sum, signed(line.amount)) });
    }
  };
  for (const { isToBeSent, change, voucher, posted: row } of items) {
    if (!isToBeSent || voucher === null) continue;
    if (change === 'changed' && row !== null) send(row.voucher, negate);
    send(voucher, (amount) => amount);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function linesByAccount(voucher: Voucher, nameOf: AccountNaming): PlannedLine[] {
  const lines = new Map<string, PlannedLine>();
  for (const line of linesOf(voucher, 'explicit')) {
    const vatCode = line.vat?.code ?? null;
    const rateBasisPoints = line.vat?.rateBasisPoints ?? null;
    const names = namesOf(line);
    const key = JSON.stringify([line.account, vatCode, rateBasisPoints, names]);
    const { account } = line;
    const known = lines.get(key) ?? { debit: zero, credit: zero };
    const name = nameOf(account, line.role);
    lines.set(key, { account, name, vatCode, rateBasisPoints, names, ...posted(known, line.amount) });
  }
  return [...lines.values()].sort((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
}

type Sides = Pick<PlannedLine, 'debit' | 'credit'>;

function posted({ debit, credit }: Sides, amount: Amount): Sides {
  return amount > 0 ? { debit: add(debit, amount), credit } : { debit, credit: subtract(credit, amount) };
}

function namesOf({ party, dimensions = {} }: ViewedLine): string[] {
  const values = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...(party === undefined ? [] : [`${party.kind} ${party.id}`]), ...values.map((pair) => pair.join(' '))];
}

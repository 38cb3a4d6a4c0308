import { type Finding, isFromFile, type LedgerDate, type PlainDate, type RawPage } from '@bilag/core';
import { portalTopic } from './file-page.ts';

/**
 * Reads pages into dates, and says what one date tells of another where pages stood in files: a report that ends with a date
 * does not show whether it is whole, but the next date does when it begins with the balance that this one ended with; and
 * settlements are numbered, so that one which was not imported is missed.
 */
export async function* datesWithFiles(
  pages: Iterable<RawPage> | AsyncIterable<RawPage>,
  read: (pages: AsyncIterable<RawPage>) => AsyncGenerator<LedgerDate, void, undefined>,
): AsyncGenerator<LedgerDate, void, undefined> {
  const fromReport = new Set<string>();
  const fromFiles = new Set<string>();
  const received = new Set<string>();
  const noted = async function* (): AsyncGenerator<RawPage> {
    for await (const page of pages) {
      const origin = !isFromFile(page) ? received : page.topic === portalTopic ? fromReport : fromFiles;
      origin.add(`${page.ledgerId} ${page.date}`);
      yield page;
    }
  };
  const numbers = new SettlementNumbers();
  let waiting: LedgerDate | undefined;
  for await (const told of read(noted())) {
    const key = `${told.ledgerId} ${told.date}`;
    const date = numbers.missing(told, fromFiles.has(key));
    if (waiting !== undefined) yield closedBy(waiting, date);
    const isReport = fromReport.has(key) && !received.has(key);
    const isWaiting = isReport && date.accounts.funds?.closed === false;
    waiting = isWaiting ? date : undefined;
    if (!isWaiting) yield date;
  }
  if (waiting !== undefined) yield waiting;
}

/** A date is whole when the next one goes on from its last balance. */
function closedBy(date: LedgerDate, next: LedgerDate): LedgerDate {
  if (date.ledgerId !== next.ledgerId) return date;
  const end = looseEnds(date).after;
  return end === undefined || looseEnds(next).before !== end
    ? date
    : { ...date, accounts: { funds: { closed: true } } };
}

/** The balances that no entry of the date leads to or from: its first and its last, where there is one of each. */
function looseEnds({ entries }: LedgerDate): { readonly before?: number; readonly after?: number } {
  const surplus = new Map<number, number>();
  for (const { account, balanceBefore, balanceAfter } of entries) {
    if (account !== 'funds') continue;
    if (balanceBefore === undefined || balanceAfter === undefined) return {};
    surplus.set(balanceBefore, (surplus.get(balanceBefore) ?? 0) + 1);
    surplus.set(balanceAfter, (surplus.get(balanceAfter) ?? 0) - 1);
  }
  const loose = [...surplus].filter(([, count]) => count !== 0);
  const [before] = loose.find(([, count]) => count === 1) ?? [];
  const [after] = loose.find(([, count]) => count === -1) ?? [];
  return loose.length === 2 && before !== undefined && after !== undefined ? { before, after } : {};
}

/** The payouts of a ledger are numbered one after the other; none that is zero or less has a number. */
class SettlementNumbers {
  readonly #last: Map<string, number> = new Map();
  readonly #told: Map<string, { readonly date: PlainDate; readonly isFromFiles: boolean }> = new Map();

  missing(date: LedgerDate, isFromFiles: boolean): LedgerDate {
    const { ledgerId } = date;
    const numbers = date.entries
      .filter(({ type, renamedTo, account }) => account === 'funds' && (renamedTo ?? type) === 'payout-scheduled')
      .flatMap(({ pspReference }) => Number(/-(\d{6,})$/.exec(pspReference ?? '')?.[1] ?? Number.NaN))
      .filter((number) => !Number.isNaN(number))
      .toSorted((a, b) => a - b);
    const findings: Finding[] = [];
    for (const number of numbers) {
      const last = this.#last.get(ledgerId);
      if (isFromFiles && last !== undefined && number > last + 1) findings.push(missed(date, last + 1, number - 1));
      this.#last.set(ledgerId, Math.max(last ?? 0, number));
      const told = this.#told.get(`${ledgerId} ${number}`);
      const isTwice = told !== undefined && told.date !== date.date && (isFromFiles || told.isFromFiles);
      if (isTwice) findings.push(twice(date, number, told.date));
      this.#told.set(`${ledgerId} ${number}`, { date: date.date, isFromFiles });
    }
    return findings.length === 0 ? date : { ...date, findings: [...(date.findings ?? []), ...findings] };
  }
}

function twice({ ledgerId, date }: LedgerDate, number: number, before: PlainDate): Finding {
  return {
    code: 'settlement-twice',
    severity: 'error',
    message: `settlement ${number} stands on ${before} too`,
    where: `ledger ${ledgerId}, ${before} and ${date}`,
    action: 'find out which of the two files is right, and import that one alone into a new archive',
    ledgerId,
    date,
  };
}

function missed({ ledgerId, date }: LedgerDate, first: number, last: number): Finding {
  return {
    code: 'settlement-missing',
    severity: 'error',
    message: first === last ? `settlement ${first} is missing` : `settlements ${first} to ${last} are missing`,
    where: `ledger ${ledgerId}, before ${date}`,
    action: 'import their files too',
    ledgerId,
    date,
  };
}

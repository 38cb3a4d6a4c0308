import { amount, plainDate, sum, type Amount, type PlainDate } from '@bilag/core';
import {
  camt053Files,
  type BankAccountOptions,
  type BankFile,
  type BankPayment,
  type CamtOptions,
} from '@bilag/simulator-bank';
import {
  linesOfStatements,
  matchPayouts,
  proveStatements,
  readBankFile,
  type ExpectedPayout,
  type IdentifiedLine,
  type LineMatch,
  type Statement,
} from '../src/index.ts';
import type { Matching, MatchDecision } from '../src/matching/match.ts';

export const ownAccount = '86011117947';
export const sender = 'Vipps MobilePay AS';

export function on(text: string): PlainDate {
  return plainDate(text);
}

/** A payout of the ledger 302321 with the Vippsnummer 57860, unless said otherwise. */
export function payout(number: number, value: number, more: Partial<ExpectedPayout> = {}): ExpectedPayout {
  const { ledgerId = '302321' } = more;
  return {
    ledgerId,
    reference: `${ledgerId}-${number}`,
    number: String(number),
    units: ['NO:57860'],
    date: on('2026-03-02'),
    amount: amount(value),
    currency: 'NOK',
    texts: [],
    accounts: [ownAccount],
    provider: 'Vipps MobilePay',
    ...more,
  };
}

export function credit(date: string, value: number, text: string, more: Partial<BankPayment> = {}): BankPayment {
  return { on: on(date), amount: amount(value), text, counterparty: sender, ...more };
}

export function textOf(number: number, unit = 57860): string {
  return `Utb. ${number} Vippsnr ${unit}`;
}

/** March 2026 on the account, as files of a day each. */
export function march(payments: readonly BankPayment[], more: Partial<BankAccountOptions> = {}): BankAccountOptions {
  const period = { from: on('2026-03-02'), to: on('2026-03-31') };
  return { number: ownAccount, currency: 'NOK', ...period, payments, opening: amount(100_000), ...more };
}

export async function read(files: readonly BankFile[], account: string = ownAccount): Promise<readonly Statement[]> {
  const statements = await Promise.all(files.map(async ({ bytes, name }) => readBankFile(bytes, name, { account })));
  return statements.flat();
}

export async function linesIn(files: readonly BankFile[]): Promise<readonly IdentifiedLine[]> {
  return linesOfStatements(proveStatements(await read(files)).proved).lines;
}

/** Matches what comes to the account in March with payouts. */
export async function matched(
  payouts: readonly ExpectedPayout[],
  payments: readonly BankPayment[],
  more: {
    readonly camt?: CamtOptions;
    readonly decisions?: readonly MatchDecision[];
    readonly account?: Partial<BankAccountOptions>;
    readonly pattern?: RegExp;
  } = {},
): Promise<Matching> {
  const lines = await linesIn(
    camt053Files(march(payments, more.account), more.camt ?? { version: '02', per: 'month' }),
  );
  return matchLines(payouts, lines, more);
}

export function matchLines(
  payouts: readonly ExpectedPayout[],
  lines: readonly IdentifiedLine[],
  more: { readonly decisions?: readonly MatchDecision[]; readonly pattern?: RegExp } = {},
): Matching {
  return matchPayouts({ payouts, lines, bankDays: calendarDays, ...more });
}

function calendarDays(after: PlainDate, through: PlainDate): number {
  return (Date.parse(through) - Date.parse(after)) / 86_400_000;
}

/** `2026-03-04 matched 302321-2000045`, line by line. */
export function shown({ matches }: Pick<Matching, 'matches'>): readonly string[] {
  return matches.map(({ line, outcome, payouts }: LineMatch): string =>
    [line.date, outcome, ...payouts.map((each) => each.reference)].join(' '),
  );
}

export function sumOfFacts({ facts }: Matching): Amount {
  return sum(facts.map((fact) => fact.amount));
}

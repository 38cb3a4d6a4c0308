import {
  amount,
  containedVat,
  createVoucher,
  plainDate,
  subtract,
  type JournalLine,
  type PlainDate,
  type SearchableService,
  type Secrets,
  type Voucher,
} from '@bilag/core';
import { fortnox, fortnoxConfig, type FortnoxConfig } from '@bilag/fortnox';
import {
  defaultFortnoxCompany,
  startFortnoxSimulator,
  type FortnoxCompanyOptions,
  type FortnoxSimulator,
} from '@bilag/simulator-fortnox';
import { FakeContext } from '../../../test/fake-context.ts';
import { keysOf } from './conformance.ts';

export interface Stage extends AsyncDisposable {
  readonly simulator: FortnoxSimulator;
  readonly context: FakeContext;
  /** What is under the reference by now. */
  readonly kept: () => Secrets;
  connect(config?: object): SearchableService;
}

/** A simulated company, and connections that share one store of keys. */
export async function openStage(company: Partial<FortnoxCompanyOptions> = {}, tokenSeconds = 3600): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startFortnoxSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    tokenSeconds,
    companies: [{ ...defaultFortnoxCompany, ...company }],
  });
  let kept: Secrets = keysOf(simulator);
  const context = new FakeContext(() => kept, 250);
  Object.assign(context.credentials, {
    put: async (_: string, secrets: Secrets) => void (kept = secrets),
    exclusively: <Result>(_: string, work: () => Promise<Result>) => work(),
  });
  clock.context = context;
  const opened: SearchableService[] = [];
  return {
    simulator,
    context,
    kept: () => kept,
    connect: (config = {}) => {
      const own = {
        host: simulator.url,
        credentials: 'file:FORTNOX',
        series: 'V',
        clearingAccounts: ['1686'],
        timeoutMs: 1_000,
      };
      const service = fortnox.connect(configOf({ ...own, ...config }), context) as SearchableService;
      opened.push(service);
      return service;
    },
    async [Symbol.asyncDispose]() {
      for (const service of opened) await service.close?.();
      await simulator.close();
    },
  };
}

export function configOf(input: object): FortnoxConfig {
  const result = fortnoxConfig['~standard'].validate(input);
  if (result instanceof Promise || result.issues !== undefined) throw new Error('the config of the test is wrong');
  return result.value;
}

export const day: PlainDate = plainDate('2026-03-02');
export const reference = '512403-20260302';

const facts: readonly string[] = ['fact'];

/** A line without VAT; amounts in öre, debit +. */
export function plain(account: string, ore: number, more: Partial<JournalLine> = {}): JournalLine {
  return { account, amount: amount(ore), text: 'Vipps MobilePay', facts, ...more };
}

/** A sale at 25 %; credit −. */
export function sale(ore: number, more: Partial<JournalLine> = {}): JournalLine {
  const gross = amount(ore);
  const vat = containedVat(gross, 2500);
  const net = subtract(gross, vat);
  const line = { kind: 'contained', code: 'MP1', account: '2611', rateBasisPoints: 2500, net, amount: vat } as const;
  return plain('3001', ore, { vat: line, ...more });
}

/** Nine kronor of sales, as far as nothing else is said. */
export function voucher(changes: Partial<Voucher> = {}): Voucher {
  const { date = day } = changes;
  return createVoucher({
    key: `512403-${date.replaceAll('-', '')}`,
    date,
    ledgerId: '512403',
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay 512403, ${date}`,
    currency: 'SEK',
    lines: [plain('1686', 900), sale(-900)],
    facts: [...facts],
    ...changes,
  });
}

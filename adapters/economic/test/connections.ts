import {
  amount,
  containedVat,
  createVoucher,
  plainDate,
  subtract,
  type JournalLine,
  type PlainDate,
  type SearchableService,
  type Voucher,
} from '@bilag/core';
import { economic, economicConfig, type EconomicConfig } from '@bilag/economic';
import {
  startEconomicSimulator,
  type EconomicAgreementOptions,
  type EconomicSimulator,
} from '@bilag/simulator-economic';
import { FakeContext } from '../../../test/fake-context.ts';
import { tokensOf } from './conformance.ts';

export interface Stage extends AsyncDisposable {
  readonly simulator: EconomicSimulator;
  readonly context: FakeContext;
  connect(config?: object): SearchableService;
}

/** A simulated agreement, and connections to it. */
export async function openStage(agreement: Partial<EconomicAgreementOptions> = {}): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startEconomicSimulator({
    now: () => new Date(clock.context?.ms ?? 0),
    agreements: [{ number: 1, name: 'Kaffebaren Eksempel ApS', organisationNumber: '12345678', ...agreement }],
  });
  const context = new FakeContext((reference) => (reference === 'env:ECONOMIC' ? tokensOf(simulator) : {}), 100);
  clock.context = context;
  const opened: SearchableService[] = [];
  return {
    simulator,
    context,
    connect: (config = {}) => {
      const own = {
        host: simulator.url,
        credentials: 'env:ECONOMIC',
        journal: 7,
        clearingAccounts: ['52100'],
        timeoutMs: 1_000,
      };
      const service = economic.connect(configOf({ ...own, ...config }), context) as SearchableService;
      opened.push(service);
      return service;
    },
    async [Symbol.asyncDispose]() {
      for (const service of opened) await service.close?.();
      await simulator.close();
    },
  };
}

export function configOf(input: object): EconomicConfig {
  const result = economicConfig['~standard'].validate(input);
  if (result instanceof Promise || result.issues !== undefined) throw new Error('the config of the test is wrong');
  return result.value;
}

export const day: PlainDate = plainDate('2026-03-02');
export const reference = '412403-20260302';

const facts: readonly string[] = ['fact'];

/** A line without VAT; amounts in øre, debit +. */
export function plain(account: string, ore: number, more: Partial<JournalLine> = {}): JournalLine {
  return { account, amount: amount(ore), text: 'Vipps MobilePay', facts, ...more };
}

/** A sale at 25 %; credit −. */
export function sale(ore: number, more: Partial<JournalLine> = {}): JournalLine {
  const gross = amount(ore);
  const vat = containedVat(gross, 2500);
  const net = subtract(gross, vat);
  const line = { kind: 'contained', code: 'U25', account: '64020', rateBasisPoints: 2500, net, amount: vat } as const;
  return plain('1000', ore, { vat: line, ...more });
}

/** Nine kroner of sales, as far as nothing else is said. */
export function voucher(changes: Partial<Voucher> = {}): Voucher {
  const { date = day } = changes;
  return createVoucher({
    key: `412403-${date.replaceAll('-', '')}`,
    date,
    ledgerId: '412403',
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay 412403, ${date}`,
    currency: 'DKK',
    lines: [plain('52100', 900), sale(-900)],
    facts: [...facts],
    ...changes,
  });
}

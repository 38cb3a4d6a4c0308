import {
  amount,
  type BilagError,
  containedVat,
  createVoucher,
  isBilagError,
  plainDate,
  subtract,
  type JournalLine,
  type LineVat,
  type SearchableService,
  type Voucher,
} from '@bilag/core';
import {
  defaultTripletexCompany,
  startTripletexSimulator,
  type TripletexSimulator,
  type TripletexSimulatorOptions,
} from '@bilag/simulator-tripletex';
import { FakeContext } from '../../../test/fake-context.ts';
import { tripletex, type TripletexConfig } from '../src/index.ts';

/** The company of most tests. */
export const cafeId: number = defaultTripletexCompany.id;

export function configOf(host: string, more: Partial<TripletexConfig> = {}): TripletexConfig {
  return {
    host,
    credentials: 'tripletex-1',
    companyId: cafeId,
    access: 'own',
    sendToLedger: true,
    voucherType: null,
    clearingAccounts: ['1579'],
    timeoutMs: 1_000,
    ...more,
  };
}

/** A simulator, and a service that is connected to it. */
export interface Cafe extends AsyncDisposable {
  readonly context: FakeContext;
  readonly simulator: TripletexSimulator;
  readonly service: SearchableService & Required<Pick<SearchableService, 'list' | 'reverse' | 'attach'>>;
  /** Another connection, as after a restart. */
  connect(more?: Partial<TripletexConfig>): Cafe['service'];
}

export async function openCafe(
  options: TripletexSimulatorOptions = {},
  more: Partial<TripletexConfig> = {},
): Promise<Cafe> {
  const companies = options.companies ?? [defaultTripletexCompany];
  const home = companies[0]?.id ?? cafeId;
  const clock: { now?: () => number } = {};
  const simulator = await startTripletexSimulator({
    now: () => new Date(clock.now?.() ?? 0),
    ...options,
  });
  const { consumerToken, employeeTokens } = simulator.credentials;
  const context = new FakeContext(() => ({ consumerToken, employeeToken: employeeTokens[home] ?? '' }));
  clock.now = context.now;
  const connect = (changes: Partial<TripletexConfig> = {}): Cafe['service'] =>
    tripletex.connect(configOf(simulator.url, { companyId: home, ...more, ...changes }), context) as Cafe['service'];
  const service = connect();
  return {
    context,
    simulator,
    service,
    connect,
    async [Symbol.asyncDispose]() {
      await service.close?.();
      await simulator.close();
    },
  };
}

const march2 = plainDate('2026-03-02');

/** A sale, contained VAT and all. */
export function saleLine(account: string, gross: number, code: string, rateBasisPoints: number): JournalLine {
  const vatAmount = containedVat(amount(gross), rateBasisPoints);
  const vat: LineVat = {
    kind: 'contained',
    code,
    account: rateBasisPoints === 0 ? null : '2700',
    rateBasisPoints,
    net: subtract(amount(gross), vatAmount),
    amount: vatAmount,
  };
  return { account, amount: amount(gross), vat, text: 'Salg', facts: ['sales'] };
}

export function line(account: string, value: number, more: Partial<JournalLine> = {}): JournalLine {
  return { account, amount: amount(value), text: 'Utbetaling', facts: ['payout'], ...more };
}

/** A day of a café: coffee at the counter and in the street, a refund, fees, and a payout. */
export const cafeLines: readonly JournalLine[] = [
  saleLine('3000', -123_450, '3', 2500),
  { ...saleLine('3001', -48_505, '31', 1500), dimensions: { department: '20' } },
  saleLine('3000', 4_990, '3', 2500),
  saleLine('3002', -7_001, '33', 1200),
  line('7770', 2_911, { text: 'Gebyr' }),
  line('1920', 168_065),
  line('1579', 2_990, { text: 'Mellomregning' }),
];

/** A voucher of these lines; by default the café's day. */
export function voucherOf(lines: readonly JournalLine[] = cafeLines, more: Partial<Voucher> = {}): Voucher {
  return createVoucher({
    key: '302401-20260302',
    date: march2,
    ledgerId: '302401',
    ledgerDate: march2,
    series: 'VIPPS',
    document: 'journal',
    description: 'Vipps MobilePay 302401 2026-03-02',
    currency: 'NOK',
    lines: [...lines],
    facts: [...new Set(lines.flatMap(({ facts }) => facts))],
    ...more,
  });
}

/** What a promise is rejected with. */
export async function errorFrom(promise: Promise<unknown>): Promise<BilagError> {
  try {
    await promise;
  } catch (error) {
    if (isBilagError(error)) return error;
    throw error;
  }
  throw new Error('it went well');
}

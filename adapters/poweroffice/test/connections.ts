import {
  amount,
  containedVat,
  createVoucher,
  plainDate,
  subtract,
  type JournalLine,
  type PlainDate,
  type Secrets,
  type Service,
  type Voucher,
} from '@bilag/core';
import { powerOffice, powerOfficeConfig, type PowerOfficeConfig } from '@bilag/poweroffice';
import {
  startPowerOfficeSimulator,
  type PowerOfficeSimulator,
  type PowerOfficeSimulatorOptions,
} from '@bilag/simulator-poweroffice';
import { FakeContext } from '../../../test/fake-context.ts';
import { keysOf } from './conformance.ts';

/** The turns of eight a second. */
export function contextWith(credentials: Readonly<Record<string, Secrets>>): FakeContext {
  return new FakeContext((reference) => credentials[reference] ?? {}, 125);
}

export interface Stage extends AsyncDisposable {
  readonly simulator: PowerOfficeSimulator;
  readonly context: FakeContext;
  connect(config?: object): Service;
}

export async function openStage(options: PowerOfficeSimulatorOptions = {}): Promise<Stage> {
  const clock: { context?: FakeContext } = {};
  const simulator = await startPowerOfficeSimulator({ now: () => new Date(clock.context?.ms ?? 0), ...options });
  const keys = keysOf(simulator);
  const { clientKey = '', ...shared } = keys;
  const context = contextWith({ 'env:ALL': keys, 'env:SHARED': shared, 'env:OWN': { clientKey } });
  clock.context = context;
  const opened: Service[] = [];
  return {
    simulator,
    context,
    connect: (config = {}) => {
      const service = powerOffice.connect(
        configOf({ host: simulator.url, credentials: 'env:ALL', timeoutMs: 1_000, ...config }),
        context,
      );
      opened.push(service);
      return service;
    },
    async [Symbol.asyncDispose]() {
      for (const service of opened) await service.close?.();
      await simulator.close();
    },
  };
}

export function configOf(input: object): PowerOfficeConfig {
  const result = powerOfficeConfig['~standard'].validate(input);
  if (result instanceof Promise || result.issues !== undefined) throw new Error('the config of the test is wrong');
  return result.value;
}

export const day: PlainDate = plainDate('2026-03-02');

const facts: readonly string[] = ['fact'];

/** A line without VAT; amounts in øre, debit +. */
export function plain(account: string, ore: number, more: Partial<JournalLine> = {}): JournalLine {
  return { account, amount: amount(ore), text: 'Vipps', facts, ...more };
}

/** A sale at 25 %; credit −. */
export function sale(ore: number, more: Partial<JournalLine> = {}): JournalLine {
  const gross = amount(ore);
  const vat = containedVat(gross, 2500);
  const net = subtract(gross, vat);
  return plain('3000', ore, {
    vat: { kind: 'contained', code: '3', account: '2700', rateBasisPoints: 2500, net, amount: vat },
    ...more,
  });
}

/** Nine kroner of sales, as far as nothing else is said. */
export function voucher(changes: Partial<Voucher> = {}): Voucher {
  const { date = day } = changes;
  return createVoucher({
    key: `302321-${date.replaceAll('-', '')}`,
    date,
    ledgerId: '302321',
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay 302321 ${date}`,
    currency: 'NOK',
    lines: [plain('1579', 900), sale(-900)],
    facts: [...facts],
    ...changes,
  });
}

export const reference = '302321-20260302';

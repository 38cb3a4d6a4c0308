import {
  addDays,
  amount,
  createVoucher,
  newDelivery,
  plainDate,
  voucherReference,
  type DeliveryState,
  type PlainDate,
} from '@bilag/core';
import type { DeliveryRow, DeliveryStore, KeptFinding, Lease, LeaseRequest } from '../log/delivery-store.ts';
import { mirroredVoucher, reversalReference } from '../writing/reversal.ts';
import { lawCompanies } from './store-law.ts';

const [firstCompany] = lawCompanies;
const firstDate = plainDate('2026-03-02');

/** 20 November 2026, in milliseconds: more than 32 bits hold. */
export const lawTime = 1_795_132_800_000;

/** The date of the nth sample. */
export function dateOf(index: number): PlainDate {
  return addDays(firstDate, index);
}

/** What a sample row is made of, where it matters. */
export interface SampleRow {
  readonly companyId?: string;
  readonly index?: number;
  readonly revision?: number;
  readonly facts?: readonly string[];
  readonly text?: string;
  readonly change?: Partial<DeliveryRow>;
}

/** A day's sales in the log, in this state. */
export function rowIn(state: DeliveryState, sample: SampleRow = {}): DeliveryRow {
  const { companyId = firstCompany, index = 0, revision = 1, text = 'Salg', change = {} } = sample;
  const date = dateOf(index);
  const { facts = [`302321/funds/${date}/capture/1`] } = sample;
  const voucher = createVoucher({
    key: `302321-${date.replaceAll('-', '')}`,
    revision,
    date,
    ledgerId: '302321',
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: text,
    currency: 'NOK',
    lines: [
      { account: '1579', amount: amount(10_000 + index), role: 'clearing', text, facts },
      { account: '3000', amount: amount(-10_000 - index), text, facts },
    ],
    facts,
  });
  return {
    companyId,
    key: voucher.key,
    revision,
    kind: 'voucher',
    reference: voucherReference(voucher),
    date,
    digest: voucher.digest,
    voucher,
    delivery: { ...newDelivery('of the view'), state, attempts: 1 },
    run: 'first',
    createdAt: lawTime,
    updatedAt: lawTime,
    isAttached: false,
    isHeld: false,
    ...change,
  };
}

/** What takes a row back, in this state: it has the same facts, key and revision. */
export function reversalIn(state: DeliveryState, row: DeliveryRow): DeliveryRow {
  const voucher = mirroredVoucher(row.voucher, row.date);
  const delivery = { ...newDelivery(null), state, attempts: 1 };
  return { ...row, kind: 'reversal', reference: reversalReference(voucher), voucher, digest: voucher.digest, delivery };
}

/** What verify said of a voucher. */
export function findingOf(
  reference: string,
  change: Partial<KeptFinding> & { readonly code?: string } = {},
): KeptFinding {
  const { code = 'voucher-edited', ...kept } = change;
  const finding = {
    code,
    severity: 'error',
    message: `noen har endret "beløpet" til 100,00 \\ 'kr'; ☕`,
    where: `voucher ${reference}`,
    action: 'spør hvem',
    date: firstDate,
    vouchers: [reference],
  } as const;
  return { companyId: firstCompany, reference, finding, foundAt: lawTime, seenAt: lawTime + 1, ...kept };
}

/** A row as far as a store keeps it: what belongs to one run alone need not be kept. */
export function asTakenUp(row: DeliveryRow): DeliveryRow {
  const isLookedUp = row.delivery.state === 'posted';
  return { ...row, delivery: { ...row.delivery, isLookedUp, refusals: 0, waitUntil: 0 } };
}

/** A lease of a minute, for requests of half a minute at most. */
export function request(now = 0, holder = 'process 1'): LeaseRequest {
  return { holder, now, leaseMs: 60_000, requestTimeoutMs: 30_000 };
}

/** Takes the first company, or another. */
export function take(store: DeliveryStore, companyId: string = firstCompany, now = 0): Promise<Lease> {
  return store.takeLease(companyId, request(now));
}

import type { OpenCompany } from '@bilag/company';
import { addDays, debitOf, type Amount, type Finding, type PlainDate } from '@bilag/core';
import type { DeliveryRow, DeliveryStore, KeptFinding } from '@bilag/engine';
import type { KeptReason } from '@bilag/office';
import type { Office } from '../view.ts';
import { withDeliveries } from './deliveries.ts';

/** What kind of thing waits: it says in which words it is told, and what a person may do. */
export type WaitingKind =
  | 'unknown-outcome'
  | 'conflict'
  | 'blocked'
  | 'rejected'
  | 'held'
  | 'verify'
  | 'bank'
  | 'books'
  | 'look'
  | 'ledger-change'
  | 'night';

/** One thing that waits for a person. */
export interface Waiting {
  readonly kind: WaitingKind;
  /** The finding's code, where it is one. */
  readonly code?: string | undefined;
  readonly company: { readonly id: string; readonly name: string; readonly currency: string };
  /** What, where, and what to do: as the command line tells it. */
  readonly what: string;
  readonly where: string;
  readonly action: string;
  readonly amount?: Amount | undefined;
  /** The voucher it is about. */
  readonly voucher?: string | undefined;
  readonly payout?: string | undefined;
  /** The line of the bank it is about, by its id. */
  readonly bankLine?: string | undefined;
  /** Since when: milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Since when, of what stands on a date. */
  readonly date?: PlainDate | undefined;
}

export interface NeedsYou {
  readonly waiting: readonly Waiting[];
  /** When somebody looked last: a run that has ended, a night. */
  readonly lookedAt: number | undefined;
  /** The id after which the next page of an office begins. */
  readonly next?: string | undefined;
}

/** Everything that waits for a person at one company: the worst first, and the oldest of each kind. */
export async function companyNeedsYou(open: OpenCompany, office: Office): Promise<NeedsYou> {
  const { id, name, currency } = open.company;
  const company = { id, name, currency };
  const log = (await withDeliveries(open.company, async (store) => inLog(store, company))) ?? { waiting: [], at: null };
  const told = await inBooks(open, company);
  const changes = await ledgerChanges(office, await ledgersOf(open), company);
  const waiting = [...log.waiting, ...changes, ...told, ...(await ofNights(office, company))];
  return { waiting: waiting.toSorted(byUrgency), lookedAt: log.at ?? undefined };
}

const urgency: Readonly<Record<WaitingKind, number>> = {
  'unknown-outcome': 0,
  verify: 1,
  conflict: 2,
  'ledger-change': 3,
  rejected: 4,
  blocked: 5,
  books: 6,
  bank: 7,
  night: 8,
  held: 9,
  look: 10,
};

function byUrgency(a: Waiting, b: Waiting): number {
  return urgency[a.kind] - urgency[b.kind] || sinceOf(a) - sinceOf(b);
}

/** Since when something waits, in milliseconds since the epoch. */
export function sinceOf({ since, date }: Pick<Waiting, 'since' | 'date'>): number {
  return since ?? (date === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(date));
}

async function inLog(
  store: DeliveryStore,
  company: Waiting['company'],
): Promise<{ readonly waiting: readonly Waiting[]; readonly at: number | null }> {
  const states = ['conflict', 'blocked', 'rejected', 'unknown-outcome'] as const;
  const rows = await store.rows(company.id, { states });
  const keys = new Set<string>();
  for await (const { key, isHeld } of store.heads(company.id)) if (isHeld) keys.add(key);
  const held = (await store.rows(company.id, { keys: [...keys] })).filter(({ isHeld }) => isHeld);
  const findings = await store.findings(company.id);
  const runs = await store.runs(company.id, { most: 20 });
  return {
    at: runs.find(({ endedAt }) => endedAt !== null)?.endedAt ?? null,
    waiting: [
      ...rows.filter(({ isHeld }) => !isHeld).map((row) => ofRow(row, company)),
      ...held.map((row) => ofHeld(row, company)),
      ...findings.filter(({ finding }) => finding.severity !== 'info').map((kept) => ofVerify(kept, company)),
    ],
  };
}

function ofRow(row: DeliveryRow, company: Waiting['company']): Waiting {
  const { delivery, reference, voucher, date, createdAt } = row;
  const { problem, state } = delivery;
  return {
    kind: state as 'conflict' | 'blocked' | 'rejected' | 'unknown-outcome',
    company,
    what: problem?.what ?? 'no reply came, and it is not known whether it was written',
    where: problem?.where ?? `voucher ${reference}, ${date}`,
    action: problem?.action ?? 'look for it in the target, and say what is there',
    amount: debitOf(voucher.lines),
    voucher: reference,
    since: delivery.firstSentAt ?? createdAt,
  };
}

function ofHeld(row: DeliveryRow, company: Waiting['company']): Waiting {
  const { reference, voucher, date, delivery, updatedAt } = row;
  return {
    kind: 'held',
    company,
    what: delivery.state === 'reversed' ? 'taken back, and held until it is released' : 'held until it is released',
    where: `voucher ${reference}, ${date}`,
    action: 'release it when it is to be posted',
    amount: debitOf(voucher.lines),
    voucher: reference,
    since: updatedAt,
  };
}

function ofVerify({ reference, finding, foundAt }: KeptFinding, company: Waiting['company']): Waiting {
  return { ...ofFinding('verify', finding, company), voucher: reference, since: foundAt };
}

function ofFinding(kind: WaitingKind, finding: Finding, company: Waiting['company']): Waiting {
  const { code, message: what, where, action, amount, vouchers, references, facts, date } = finding;
  const isBank = kind === 'bank';
  return {
    kind,
    code,
    company,
    what,
    where,
    action,
    amount,
    voucher: vouchers?.length === 1 ? vouchers[0] : undefined,
    payout: code.startsWith('payout-') ? references?.[0] : undefined,
    bankLine: isBank && code.startsWith('bank-line') ? facts?.[0] : undefined,
    date,
  };
}

/** What only tells where things stand, and asks nothing of anybody. */
const notAsking = new Set(['proof-date-open', 'bank-not-read']);

/** What stops the books, and what asks for an eye in the last two months; what waits at the bank. */
async function inBooks(open: OpenCompany, company: Waiting['company']): Promise<readonly Waiting[]> {
  const { last } = await open.dates();
  if (last === undefined) return [];
  const cutOver = open.company.policy.versions[0].from;
  if (last < cutOver) return [];
  const bank = await open.bank();
  const proof = await open.prove({ period: { from: cutOver, to: last } });
  const twoMonthsAgo = addDays(last, -62);
  const { findings } = await open.book({ from: twoMonthsAgo < cutOver ? cutOver : twoMonthsAgo, to: last });
  const atBank = new Set((bank?.findings ?? []).map(identityOf));
  const isOfBank = (finding: Finding): boolean => atBank.has(identityOf(finding));
  const errors = proof.findings.filter((finding) => finding.severity === 'error' && !notAsking.has(finding.code));
  const warnings = findings.filter((finding) => finding.severity === 'warning' && !isOfBank(finding));
  const waits = (bank?.findings ?? []).filter(({ severity }) => severity !== 'info');
  return [
    ...errors.filter((finding) => !isOfBank(finding)).map((finding) => ofFinding('books', finding, company)),
    ...waits.map((finding) => ofFinding('bank', finding, company)),
    ...warnings.map((finding) => ofFinding('look', finding, company)),
  ];
}

function identityOf({ code, message, where }: Finding): string {
  return `${code}\n${message}\n${where}`;
}

async function ledgersOf(open: OpenCompany): Promise<readonly string[]> {
  return (await open.progress()).map(({ ledgerId }) => ledgerId);
}

async function ledgerChanges(
  { store }: Office,
  ledgerIds: readonly string[],
  company: Waiting['company'],
): Promise<readonly Waiting[]> {
  const changes = (await store?.changes({ ledgerIds, isOpen: true })) ?? [];
  return changes.map(({ what, ledgerId, at }) => ({
    kind: 'ledger-change',
    company,
    what: `${what}: nothing is delivered before a person has confirmed it`,
    where: `ledger ${ledgerId}`,
    action: `ask the merchant, by a number you know, whether that is right; then bilag discover --confirm ${ledgerId}`,
    since: at,
  }));
}

const reasonsOnPage = 200;

/** What waits for a person at many companies, as their nights found it: each since it was found first. */
export async function officeNeedsYou(office: Office, after: string): Promise<NeedsYou> {
  const waiting: Waiting[] = [];
  let last = '';
  for await (const kept of office.store?.reasons() ?? []) {
    const company = office.companies.get(kept.companyId);
    if (company === undefined || kept.companyId <= after) continue;
    // A company is told whole.
    if (waiting.length >= reasonsOnPage && kept.companyId !== last) return { waiting, lookedAt: undefined, next: last };
    last = kept.companyId;
    waiting.push(ofNight(kept, company));
  }
  const [night] = (await office.store?.nights(1)) ?? [];
  return { waiting, lookedAt: night?.endedAt ?? night?.startedAt };
}

async function ofNights({ store }: Office, company: Waiting['company']): Promise<readonly Waiting[]> {
  const reasons = await Array.fromAsync(store?.reasons({ companyId: company.id }) ?? []);
  return reasons.map((kept) => ofNight(kept, company));
}

function ofNight({ what, where, action, foundAt }: KeptReason, { id, name, currency }: Waiting['company']): Waiting {
  return { kind: 'night', company: { id, name, currency }, what, where, action, since: foundAt };
}

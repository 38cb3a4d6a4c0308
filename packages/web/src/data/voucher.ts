import { plannedVoucher, type OpenCompany, type PlannedLine } from '@bilag/company';
import {
  BilagError,
  factDate,
  quotedName,
  type LedgerEntry,
  type PlainDate,
  type Voucher,
  voucherReference,
} from '@bilag/core';
import type { DeliveryRow, KeptFinding } from '@bilag/engine';
import { namesOfAccounts, withDeliveries } from './deliveries.ts';
import { listed, type ListedVoucher } from './vouchers.ts';

/** A fact of a voucher, and the page or file where it stands. */
export interface VoucherFact {
  /** Undefined for a line of the bank or another fact, and for one whose page is not here. */
  readonly entry: LedgerEntry | undefined;
  readonly id: string;
  readonly date: PlainDate | undefined;
  readonly page: string;
  readonly digest: string;
}

/** One voucher: what is in it, what it came from and what became of it. */
export interface OneVoucher {
  readonly key: string;
  readonly currency: string;
  readonly voucher: Voucher;
  readonly lines: readonly PlannedLine[];
  /** Its revisions and reversals, as the log has them. */
  readonly history: readonly (ListedVoucher &
    Pick<DeliveryRow, 'updatedAt' | 'run'> & { readonly problem: DeliveryRow['delivery']['problem'] })[];
  readonly findings: readonly KeptFinding[];
  readonly facts: readonly VoucherFact[];
  readonly factCount: number;
  readonly next: number | undefined;
  readonly isFirst: boolean;
}

const factsOnPage = 200;

/** By its reference, its key, or the reference of its reversal. Throws `not-found` where there is none. */
export async function oneVoucher(
  open: OpenCompany,
  reference: string,
  parameters: URLSearchParams,
): Promise<OneVoucher> {
  const { company } = open;
  const key = reference.replace(/\.[RU]\d+$/, '');
  const inLog = await withDeliveries(company, async (store) => {
    const rows = await store.rows(company.id, { key });
    const findings = (await store.findings(company.id)).filter((kept) =>
      rows.some((row) => row.reference === kept.reference),
    );
    const history = await listed(open, store, rows);
    return {
      rows,
      findings,
      history: history.map((each, index) => {
        const row = rows[index] as DeliveryRow;
        return { ...each, updatedAt: row.updatedAt, run: row.run, problem: row.delivery.problem };
      }),
    };
  });
  const row =
    inLog?.rows.find((each) => each.reference === reference) ?? inLog?.rows.findLast(({ kind }) => kind === 'voucher');
  const voucher = row?.voucher ?? (await voucherInBooks(open, key));
  const start = Number(parameters.get('facts') ?? 0);
  const from = Number.isSafeInteger(start) && start > 0 ? start : 0;
  const shown = voucher.facts.slice(from, from + factsOnPage);
  return {
    key,
    currency: voucher.currency,
    voucher,
    lines: plannedVoucher({ voucher, posted: null }, namesOfAccounts(company)).lines,
    history: inLog?.history ?? [],
    findings: inLog?.findings ?? [],
    facts: await placed(open, shown),
    factCount: voucher.facts.length,
    isFirst: from === 0,
    next: from + factsOnPage < voucher.facts.length ? from + factsOnPage : undefined,
  };
}

/** Where facts stand: the pages of their dates are read once each. */
async function placed(open: OpenCompany, facts: readonly string[]): Promise<readonly VoucherFact[]> {
  const dates = await open.dates();
  const places = new Map<PlainDate, Awaited<ReturnType<typeof dates.placesOf>>>();
  const bank = facts.some((id) => factDate(id) === undefined) ? await open.bank() : undefined;
  const found: VoucherFact[] = [];
  for (const id of facts) {
    const date = factDate(id);
    if (date === undefined) {
      const line = bank?.matches.find((match) => id.startsWith(match.line.id))?.line;
      const page = line === undefined ? '' : `${line.where}, ${line.place}`;
      found.push({ id, entry: undefined, date: line?.date, page, digest: '' });
      continue;
    }
    const known = places.get(date) ?? (await dates.placesOf(date));
    places.set(date, known);
    const place = known.get(id);
    found.push({ id, entry: place?.entry, date, page: place?.request ?? '', digest: place?.digest ?? '' });
  }
  return found;
}

async function voucherInBooks(open: OpenCompany, key: string): Promise<Voucher> {
  let found: Voucher | undefined;
  if ((await open.dates()).last !== undefined) {
    await open.book({
      onVoucher: (voucher) => {
        if (voucher.key === key || voucherReference(voucher) === key) found = voucher;
      },
    });
  }
  if (found !== undefined) return found;
  throw new BilagError('not-found', {
    what: `there is no voucher ${quotedName(key)}`,
    where: `company ${open.company.id}`,
    action: 'choose one from the list of vouchers',
  });
}

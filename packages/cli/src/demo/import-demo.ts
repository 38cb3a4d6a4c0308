import { OpenCompany } from '@bilag/company';
import { negate } from '@bilag/core';
import { portalReport, summarise, type Merchant } from '@bilag/simulator-vipps';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkCompany, type CompanyInput } from '../config.ts';
import { demoNow } from './demo-companies.ts';

/** What importing a report came to. */
export interface ImportDemo {
  readonly company: string;
  readonly report: string;
  readonly entries: number;
  readonly vouchers: number;
  readonly isProved: boolean;
  /** Where the books and what the simulator meant to happen differ. */
  readonly differences: readonly string[];
}

/** The same quarter without keys: the report that the merchant takes from the portal is imported and booked. */
export async function importDemo(
  company: CompanyInput,
  merchant: Merchant,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<ImportDemo> {
  const place = join(folder, 'archive', 'portal');
  const report = join(place, 'report.csv');
  await mkdir(place, { recursive: true });
  await writeFile(report, portalReport([merchant]));
  const input = { ...company, source: { kind: 'vipps', keys: 'none' }, archive: join(place, 'pages'), targets: {} };
  const checked = checkCompany(input, { file: 'demo', folder });
  await using open = new OpenCompany(checked, { env: {}, now: () => demoNow, signal });
  await open.import({ paths: [report], cwd: place });
  const { vouchers, ledgers } = await open.book();
  const { sales, refunds, payouts, funds } = summarise(merchant);
  const entries = [...merchant.dates()].reduce((count, date) => count + date.funds.length, 0);
  const differences = ledgers.flatMap(({ ledgerId, totals, balances }) => {
    const compared = [
      ['sales', totals.captures, sales],
      ['refunds', totals.refunds, negate(refunds)],
      ['payouts', totals.payouts, negate(payouts)],
      ['funds balance', balances.funds.books, funds.closing],
    ] as const;
    return compared
      .filter(([, ours, theirs]) => ours !== theirs)
      .map(([what, ours, theirs]) => `ledger ${ledgerId}, ${what}: ${ours} in the books, ${theirs} expected`);
  });
  const isProved = ledgers.length === 1 && ledgers.every((ledger) => ledger.isProved);
  return { company: company.name, report, entries, vouchers, isProved, differences };
}

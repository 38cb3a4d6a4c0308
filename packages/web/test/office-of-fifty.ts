import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpenCompany, type Company } from '@bilag/company';
import { plainDate } from '@bilag/core';
import { camt053Files } from '@bilag/simulator-bank';
import { merchantOf, openOfficeBench, type OfficeBench } from '../../office/test/office-bench.ts';
import { officeOf, type Office } from '../src/index.ts';

/** Companies of the office that something is with, by what is. The others are in order. */
export const special = {
  /** Fetched, and nothing posted yet. */
  planned: 'kafe-0',
  /** One voucher was taken back, and is held. */
  held: 'kafe-1',
  /** The bank delivered a line that may be a payout. */
  bank: 'kafe-2',
  /** One write got no reply, and is not found. */
  unknown: 'kafe-3',
} as const;

/** A generated office of fifty companies after a night, with what a person has to do in it. */
export interface OfficeOfFifty extends AsyncDisposable {
  readonly bench: OfficeBench;
  readonly office: Office;
}

export async function openOfficeOfFifty(
  count = 50,
  database?: Parameters<typeof openOfficeBench>[2],
): Promise<OfficeOfFifty> {
  const bench = await openOfficeBench(
    // Those that nothing is with have two days of trade: what is to be seen of them is that they are many.
    Array.from({ length: count }, (_, index) =>
      merchantOf(index, index < 5 ? {} : { from: plainDate('2026-07-06'), capturesPerDay: 1 }),
    ),
    {},
    database,
  );
  const { companies, surroundings, store } = bench;
  const isSpecial = ({ id }: Company): boolean => id === special.planned || id === special.unknown;
  await bench.night(
    {},
    companies.filter((company) => !isSpecial(company)),
  );
  const inCompany = async (id: string, work: (open: OpenCompany) => Promise<unknown>): Promise<void> => {
    const company = companies.find((each) => each.id === id);
    if (company === undefined) throw new Error(`there is no company ${id}`);
    await using open = new OpenCompany(company, surroundings);
    await work(open);
  };
  await inCompany(special.planned, async (open) => open.fetch());
  await inCompany(special.held, async (open) => {
    const target = await open.target('books');
    const [row] = await target.connection.store.rows(open.company.id, { states: ['posted'] });
    await target.undo({ voucher: row?.reference ?? '' }, () => true);
  });
  await inCompany(special.bank, async (open) => {
    const paths = await statementOf(open);
    await open.importBankFiles(paths);
  });
  await inCompany(special.unknown, async (open) => {
    await open.fetch();
    const target = await open.target('books');
    const planned = await target.plan();
    bench.tripletex.faults.arm({
      kind: 'cut',
      match: ({ method, path }) => method === 'POST' && path.endsWith('/ledger/voucher'),
    });
    await target.apply(planned);
    await bench.tripletex.faults.disarmAll();
    // Until the target has had the time it declares.
    await surroundings.sleep?.(3_600_000);
    await target.apply(await target.plan());
  });
  const office = officeOf({ companies, store, surroundings });
  return { bench, office, [Symbol.asyncDispose]: async () => bench[Symbol.asyncDispose]() };
}

/** A day of the bank with the amount of the first payout, and nothing that names it. */
async function statementOf(open: OpenCompany): Promise<readonly string[]> {
  const { company } = open;
  const date = plainDate('2026-07-07');
  const proof = await open.prove({ period: { from: plainDate('2026-07-01'), to: date } });
  const payout = proof.tables
    .flatMap(({ lines }) => lines.flatMap(({ rows }) => rows))
    .find(({ text }) => /payout/i.test(text));
  if (payout === undefined) throw new Error('the company has no payout');
  const payments = [{ on: date, amount: payout.amount, text: 'INNBETALING', counterparty: 'Vipps MobilePay AS' }];
  const account = { number: '86011117947', currency: company.currency, from: date, to: date, payments, otherRows: 1 };
  const paths: string[] = [];
  for (const { name, bytes } of camt053Files(account, { version: '08' })) {
    const path = join(company.folder, `${company.id}-${name}`);
    await writeFile(path, bytes);
    paths.push(path);
  }
  return paths;
}

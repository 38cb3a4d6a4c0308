/**
 * How long the first byte of a page takes: of an office of many companies, one of which has a log of many vouchers.
 *
 * `node --conditions=@bilag/source packages/web/bench/first-byte.ts 10000 1000000`
 */
import { OpenCompany } from '@bilag/company';
import { addDays } from '@bilag/core';
import type { DeliveryRow } from '@bilag/engine';
import { merchantOf, openOfficeBench } from '../../office/test/office-bench.ts';
import { officeOf, startPage } from '../src/index.ts';

const [companyCount = 10_000, voucherCount = 1_000_000] = process.argv.slice(2).map(Number);
const batch = 2000;

await using bench = await openOfficeBench([merchantOf(0)]);
await bench.night();
const { companies, store, surroundings } = bench;
const [company] = companies;
const state = (await bench.states())['kafe-0'];
if (company === undefined || state === undefined) throw new Error('the night has no company');

const others = Array.from({ length: companyCount - 1 }, (_, index) => ({
  ...company,
  id: `merchant-${String(index).padStart(6, '0')}`,
  name: `Kafé ${index} AS`,
}));
const night = await store.beginNight({ target: 'books', at: state.at, goesOnSince: 0 });
for (const [index, { id }] of others.entries()) {
  const asksFor = index % 100 === 0 ? 'person' : 'nothing';
  const reasons = asksFor === 'nothing' ? [] : [{ what: 'the keys are wrong', where: id, action: 'renew them' }];
  await store.saveCompany(night, { ...state, companyId: id, asksFor, reasons });
}
process.stdout.write(`${companyCount} companies, one in a hundred for a person\n`);

{
  await using open = new OpenCompany(company, surroundings);
  const log = (await open.target('books')).connection.store;
  const [posted] = await log.rows(company.id, { states: ['posted'] });
  if (posted === undefined) throw new Error('the night posted nothing');
  const lease = await log.takeLease(company.id, {
    holder: 'bench',
    now: Date.now(),
    leaseMs: 86_400_000,
    requestTimeoutMs: 1,
  });
  for (let from = 0; from < voucherCount; from += batch) {
    const rows = Array.from({ length: Math.min(batch, voucherCount - from) }, (_, index) =>
      copyOf(posted, from + index),
    );
    await log.save(lease, rows);
  }
  await log.releaseLease(lease);
}
process.stdout.write(`${voucherCount} vouchers in the log of one of them\n`);

const office = officeOf({ companies: [company, ...others], store, surroundings });
await using page = await startPage({ office, port: 0 });
const headers = { authorization: `Bearer ${page.token}` };
const after = `2026-07-04/V${String(Math.floor(voucherCount / 2)).padStart(8, '0')}/1/voucher`;
for (const [name, path] of [
  ['the overview of all', '/nb/overview'],
  ['companies by a part of their name', '/nb/overview?name=9999'],
  ['what needs somebody, of all', '/nb/needs-you'],
  ['the first page of vouchers', '/nb/c/kafe-0/vouchers'],
  ['a page in the middle', `/nb/c/kafe-0/vouchers?after=${encodeURIComponent(after)}`],
  ['one company', '/nb/c/kafe-0/overview'],
] as const) {
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    const start = performance.now();
    const reply = await fetch(page.url + path, { headers });
    await reply.body?.getReader().read();
    times.push(performance.now() - start);
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`);
  }
  const [median = 0] = times.toSorted((a, b) => a - b).slice(2);
  process.stdout.write(
    `${name.padEnd(36)} ${median.toFixed(0).padStart(6)} ms, the first time ${(times[0] ?? 0).toFixed(0)} ms\n`,
  );
}

/** Another voucher with the same lines, of other facts, on one of three years' days. */
function copyOf(row: DeliveryRow, number: number): DeliveryRow {
  const key = `V${String(number).padStart(8, '0')}`;
  const other = (facts: readonly string[]): readonly string[] => facts.map((fact) => `${fact}-${number}`);
  const lines = row.voucher.lines.map((line) => ({ ...line, facts: other(line.facts) }));
  const date = addDays(row.date, number % 1095);
  return {
    ...row,
    key,
    date,
    reference: key,
    voucher: { ...row.voucher, key, date, lines, facts: other(row.voucher.facts) },
  };
}

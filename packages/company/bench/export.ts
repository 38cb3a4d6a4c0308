/**
 * What an export of a month costs in the second month and after years, from where an earlier one left off, and beside it from the cut-over:
 *
 *     node --conditions=@bilag/source packages/company/bench/export.ts [entries a date] [years]
 *
 * One line of JSON: medians of CPU time in ms of an export to a file of keys, with the opening of the archive and of the record of exports.
 */
import { addDays, defineAdapter, plainDate, type FileAdapter } from '@bilag/core';
import { join } from 'node:path';
import { z } from 'zod';
import { Merchant } from '../test/till-nights.ts';
import { dateOf, ledgerId, tellMedians, timed, type Costs } from './till-year.ts';

const [perDate = 100, years = 5] = process.argv.slice(2).map(Number);
const first = plainDate('2021-01-01');
const month = 28;
const exportsOfMonth = 7;

const keys: FileAdapter<object> = defineAdapter({
  contract: 1,
  kind: 'file',
  id: 'keys',
  title: 'keys',
  config: z.object({}),
  vat: 'gross',
  async *render(book) {
    const lines: string[] = [];
    for await (const { key } of book.vouchers()) lines.push(key);
    yield { name: 'keys.txt', mediaType: 'text/plain', content: [lines.join('\n')] };
  },
});

/** A month that is exported again and again, after so many days. */
async function exportsAfter(days: number): Promise<Costs> {
  const merchant = new Merchant('date', first);
  merchant.more = { targets: { keys: { adapter: keys, config: {} } } };
  const costs: Costs = {};
  try {
    for (let day = 0; day <= days + month; day += 100) {
      const some = Array.from({ length: Math.min(100, days + month + 1 - day) }, (_, index) =>
        dateOf(first, day + index, perDate),
      );
      await merchant.receive(some, [ledgerId]);
    }
    const period = { from: addDays(first, days), to: addDays(first, days + month - 1) };
    const exportIt = async (keepsCheckpoints: boolean): Promise<void> => {
      await using open = merchant.open({ keepsCheckpoints });
      const createdAt = '2026-06-01T06:00:00Z';
      const folder = join(merchant.folder, 'out');
      const { books } = await open.export(['keys'], { period, folder, createdAt, replace: true });
      if (books.vouchers !== month) throw new Error('a month has a voucher for each date');
    };
    // The first of them finds nothing that was kept.
    await exportIt(true);
    for (let turn = 0; turn < exportsOfMonth; turn += 1) await timed(costs, 'export', () => exportIt(true));
    for (let turn = 0; turn < 2; turn += 1) await timed(costs, 'whole', () => exportIt(false));
  } finally {
    merchant.remove();
  }
  return costs;
}

await tellMedians('export', { perDate, years }, exportsAfter);

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  definePolicy,
  formatAmount,
  isBilagError,
  plainDate,
  prepareBook,
  type BookedDate,
  type Finding,
  type LedgerDate,
} from '@bilag/core';
import { writeOutputSet } from '@bilag/engine';
import { safT, safTConfig } from '@bilag/saf-t';
import { readV1File } from '@bilag/vipps';

/** The merchant's bookkeeping choices: sales at 25 %, the cut-over on the first day of the file, from zero. */
const policy = definePolicy({ versions: [{ from: '2026-10-01', market: 'NO', sales: { sale: '25' } }] });

const company = {
  name: 'Eksempel Kaffe AS',
  organisationNumber: '987654321',
  country: 'NO',
  currency: 'NOK',
};

const receivable = { category: 'balanseverdiForOmloepsmiddel', code: '1570' };
const debt = { category: 'kortsiktigGjeld', code: '2990' };
const sales = (code: string): { category: string; code: string } => ({ category: 'salgsinntekt', code });

const config = safTConfig.parse({
  address: { streetName: 'Storgata', number: '1', city: 'Tromsø', postalCode: '9008' },
  contact: { firstName: 'Kari', lastName: 'Nordmann', email: 'regnskap@example.no' },
  vatRegistered: true,
  bankAccounts: [{ number: '86011117947', account: '1920' }],
  // The grouping goes into the tax return: accounts that cannot be told by their part are mapped by the accountant.
  grouping: {
    accounts: {
      1578: receivable,
      1925: receivable,
      2960: debt,
      2999: debt,
      3030: sales('3000'),
      3040: sales('3000'),
      3050: sales('3000'),
      3100: sales('3100'),
      3120: sales('3100'),
      3200: sales('3200'),
      3900: { category: 'annenDriftsinntekt', code: '3900' },
    },
  },
  // A new company: every account really was empty before the first day.
  startsWithoutOpenings: true,
});

/** Writes the SAF-T file of October 2026 and checks what was written. */
async function main([input, folder]: readonly string[]): Promise<void> {
  if (input === undefined || folder === undefined) throw new Error('usage: main.ts <archived v1 reply> <folder>');
  // Neither the settlement nor the unit can be seen from the data, so both are stated.
  const dates = readV1File(await readFile(input, 'utf8'), {
    name: basename(input),
    settlement: 'net',
    amounts: 'major-decimals',
  });
  const book = await prepareBook({
    company,
    policy,
    period: { from: plainDate('2026-10-01'), to: plainDate('2026-10-31') },
    dates: (): readonly LedgerDate[] => dates,
    onBooked: show,
  });
  const set = safT.render(book, config, { createdAt: new Date().toISOString() });
  const { files } = await writeOutputSet(folder, set, { replace: true });
  for (const { name, bytes } of files) {
    const findings = await check(join(folder, name));
    console.log(`${name}: ${bytes} bytes, ${findings.length === 0 ? 'nothing to remark' : 'with findings:'}`);
    for (const finding of findings) console.log(`  ${finding.severity} ${finding.code}: ${finding.message}`);
    if (findings.some((finding) => finding.severity === 'error')) process.exitCode = 1;
  }
}

function show({ date, vouchers, findings, balances: [{ funds }] }: BookedDate): void {
  for (const { key, lines } of vouchers) console.log(`${date} ${key}: ${lines.length} lines`);
  for (const { severity, code, message } of findings) console.log(`${date} ${severity} ${code}: ${message}`);
  console.log(`${date} Vipps owes ${formatAmount(funds.provider)}, the books say ${formatAmount(funds.books)}`);
}

async function check(path: string): Promise<Finding[]> {
  const content = [await readFile(path)];
  return Array.fromAsync(safT.check?.({ name: basename(path), content }) ?? []);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(isBilagError(error) ? error.message : error);
  process.exitCode = 1;
}

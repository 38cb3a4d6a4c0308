import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  addDays,
  amount,
  containedVat,
  createVoucher,
  linesOf,
  plainDate,
  subtract,
  type Book,
  type JournalLine,
  type Voucher,
} from '@bilag/core';
import { check, safT, safTConfig } from '@bilag/saf-t';

/**
 * How long a million ledger entries take, and in how much memory:
 *
 *     node --conditions=@bilag/source --max-old-space-size=256 adapters/saf-t/bench/million.ts [entries] [per voucher] [file]
 *
 * The vouchers are made as they are read, twice, as a book from the archive would make them.
 */
const entries = Number(process.argv[2] ?? 1_000_000);
const entriesPerVoucher = Number(process.argv[3] ?? 2740);
const target = process.argv[4] ?? '/dev/null';

const settings = safTConfig.parse({
  address: { city: 'Tromsø' },
  contact: { lastName: 'Nordmann' },
  vatRegistered: true,
  startsWithoutOpenings: true,
});

/** A year of sales, each a line on the clearing account and a base line with VAT: three lines in the file. */
function* vouchers(): Generator<Voucher> {
  const days = Math.ceil(entries / entriesPerVoucher);
  for (let day = 0; day < days; day += 1) {
    const date = addDays(plainDate('2025-01-01'), Math.floor((day * 365) / days));
    const lines: JournalLine[] = [];
    const facts: string[] = [];
    const count = Math.min(entriesPerVoucher, entries - day * entriesPerVoucher);
    for (let number = 0; number < count; number += 1) {
      const gross = amount(1000 + ((day * 7919 + number * 104_729) % 99_000));
      const vat = containedVat(gross, 2500);
      const fact = `302321/${date}/${number}`;
      const reference = `8343${day}${String(number).padStart(9, '0')}`;
      lines.push(
        { account: '1579', amount: gross, role: 'clearing', text: 'Salg Vipps', reference, facts: [fact] },
        {
          account: '3000',
          amount: amount(-gross),
          vat: {
            kind: 'contained',
            code: '3',
            account: '2700',
            rateBasisPoints: 2500,
            net: amount(-subtract(gross, vat)),
            amount: amount(-vat),
          },
          text: 'Salg Vipps',
          reference,
          facts: [fact],
        },
      );
      facts.push(fact);
    }
    yield createVoucher({
      key: `302321-${date.replaceAll('-', '')}-${day}`,
      date,
      ledgerId: '302321',
      ledgerDate: date,
      series: 'VIPPS',
      document: 'journal',
      description: `Vipps MobilePay 302321 ${date}`,
      currency: 'NOK',
      lines,
      facts,
    });
  }
}

const book: Book = {
  company: { name: 'Fjellbutikken AS', organisationNumber: '999999999', country: 'NO', currency: 'NOK' },
  period: { from: plainDate('2025-01-01'), to: plainDate('2025-12-31') },
  accounts: [
    { number: '1579', name: 'Vipps', role: 'clearing', opening: amount(0) },
    { number: '2700', name: 'Utgående merverdiavgift', role: 'vat', opening: amount(0) },
    { number: '3000', name: 'Salg', role: 'revenue', opening: amount(0) },
  ],
  vatCodes: [{ code: '3', description: 'Utgående mva, høy sats', rateBasisPoints: 2500, kind: 'output' }],
  dimensions: [],
  parties: [],
  vouchers,
};

function stopwatch(): (what: string, bytes: number) => void {
  const started = performance.now();
  const cpu = process.cpuUsage();
  return (what, bytes) => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const rate = Math.round((3 * entries) / seconds).toLocaleString('en');
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stdout.write(
      `${what}: ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor), ` +
        `${rate} lines/s, ${(bytes / 1e6).toFixed(0)} MB, peak ${peak} MB resident\n`,
    );
  };
}

let report = stopwatch();
for (const voucher of vouchers()) linesOf(voucher, 'explicit');
report('making the vouchers and their lines once', 0);

report = stopwatch();
let bytes = 0;
const file = await open(target, 'w');
for await (const { content } of safT.render(book, settings, { createdAt: '2026-11-21T08:00:00Z' })) {
  for await (const chunk of content) bytes += (await file.write(Buffer.from(chunk))).bytesWritten;
}
await file.close();
report('rendering, which makes them twice', bytes);

if (target !== '/dev/null') {
  report = stopwatch();
  let findings = 0;
  for await (const finding of check({ name: target, content: createReadStream(target) })) {
    findings += 1;
    process.stdout.write(`${finding.code} ${finding.message}\n`);
  }
  report(`checking (${findings} findings)`, bytes);
}

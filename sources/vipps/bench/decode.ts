import { addDays, plainDate, type RawPage } from '@bilag/core';
import { generateMerchant } from '@bilag/simulator-vipps';
import { ledgerDatesFromPages } from '../src/entries/ledger-dates.ts';

/**
 * What pages cost on the way to entries, decoded and checked, against `JSON.parse` of the same bytes:
 *
 *     node --conditions=@bilag/source sources/vipps/bench/decode.ts [entries]
 *
 * One line of JSON: medians of CPU time in µs an entry, measured in turns.
 */
const wanted = Number(process.argv[2] ?? 50_000);
/** As many as a large merchant has on a date. */
const mostOfDate = 10_000;
const days = Math.ceil(wanted / mostOfDate);
const date = plainDate('2026-03-02');
const merchant = generateMerchant({
  from: date,
  to: addDays(date, days - 1),
  seed: 'decode',
  market: 'NO',
  ledgerId: '302321',
  owner: { name: 'Stor Eksempel AS', organisationNumber: '987654321' },
  salesUnits: [{ handle: 'api:123455', name: 'Stor', trade: 'web-shop' }],
  capturesPerDay: Math.ceil(wanted / days / 2),
});

const pages: RawPage[] = [];
for (const { date: ledgerDate, funds, fees } of merchant.dates()) {
  for (const [topic, items] of Object.entries({ funds, fees })) {
    for (let start = 0; start === 0 || start < items.length; start += 1000) {
      const hasMore = start + 1000 < items.length;
      const envelope = {
        hasMore,
        tryLater: false,
        items: items.slice(start, start + 1000),
        cursor: hasMore ? `c${start}` : '',
      };
      const body = Buffer.from(JSON.stringify(envelope));
      const place = { ledgerId: '302321', topic, date: ledgerDate, sequence: start / 1000, closed: true };
      pages.push({ ...place, request: 'GET /', receivedAt: '2026-03-03T08:00:00Z', body });
    }
  }
}

let entries = 0;
const decode = async (): Promise<void> => {
  entries = 0;
  for await (const read of ledgerDatesFromPages(pages, { currency: 'NOK' })) entries += read.entries.length;
};
const parse = (): void => {
  for (const { body } of pages) JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString());
};

const times: Record<'decode' | 'parse', number[]> = { decode: [], parse: [] };
for (let turn = 0; turn < Math.max(15, 1_000_000 / wanted); turn += 1) {
  for (const [name, work] of Object.entries({ decode, parse })) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times[name as keyof typeof times].push(user + system);
  }
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const [decoded, parsed] = [median(times.decode) / entries, median(times.parse) / entries];
process.stdout.write(
  `${JSON.stringify({ stage: 'decode', entries, microseconds: decoded, jsonParse: parsed, ratio: decoded / parsed })}\n`,
);

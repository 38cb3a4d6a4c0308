import { join } from 'node:path';
import { definePolicy, isBilagError, plainDate, prepareBook, type LedgerDate } from '@bilag/core';
import { openArchive, writeOutputSet, type ArchiveStore } from '@bilag/engine';
import { journal } from '@bilag/journal';
import { exampleDay, startVippsSimulator } from '@bilag/simulator-vipps';
import { createVippsClient, ledgerDatesFromPages, readLedger } from '@bilag/vipps';

const day = plainDate('2022-10-01');
const policy = definePolicy({ versions: [{ from: day, market: 'NO', sales: { sale: '25' } }] });
const company = { name: 'Eksempel Kaffe AS', organisationNumber: '987654321', country: 'NO', currency: 'NOK' };

/** Fetches the day that Vipps documents into an archive, and books it twice from there. */
async function main([folder]: readonly string[]): Promise<void> {
  if (folder === undefined) throw new Error('usage: main.ts <folder>');
  const archive = await openArchive(join(folder, 'archive'));
  try {
    await fetchInto(archive);
    const first = await bookFrom(archive, join(folder, 'first'));
    const second = await bookFrom(archive, join(folder, 'second'));
    for (const file of first) console.log(`first/${file.name}  ${file.bytes} bytes  ${file.sha256}`);
    const isSame = JSON.stringify(first) === JSON.stringify(second);
    console.log(isSame ? 'second/ is the same, byte for byte' : 'second/ differs');
    if (!isSame) process.exitCode = 1;
  } finally {
    await archive.close();
  }
}

/** The only part that talks to anybody: here to the simulator, in earnest to https://api.vipps.no. */
async function fetchInto(archive: ArchiveStore): Promise<void> {
  const simulator = await startVippsSimulator({ merchants: [exampleDay] });
  const client = createVippsClient({
    baseUrl: simulator.url,
    credentials: simulator.credentials.partner,
    system: { name: 'journal-from-archive', version: '1.0' },
  });
  try {
    for await (const { ledgerId, currency, recipientHandles } of client.ledgers()) {
      if (currency === null) throw new Error(`ledger ${ledgerId} does not tell its currency`);
      await archive.rememberLedgers([{ id: ledgerId, currency, handles: recipientHandles }]);
      const onReading = async (reading: Parameters<ArchiveStore['store']>[0]): Promise<void> => {
        const { outcome } = await archive.store(reading);
        console.log(`ledger ${ledgerId}, ${reading.date}, ${reading.topic}: ${outcome}`);
      };
      // Reading to the end is what fetches; the dates themselves are made again from the archive.
      await Array.fromAsync(readLedger(client, { ledgerId, currency, from: day, to: day, onReading }));
    }
  } finally {
    await client.close();
    await simulator.close();
  }
}

/** Offline: from the raw pages to the journal. The same archive gives the same bytes. */
async function bookFrom(
  archive: ArchiveStore,
  folder: string,
): Promise<readonly { name: string; bytes: number; sha256: string }[]> {
  const currencies = new Map((await archive.ledgers()).map(({ id, currency }) => [id, currency]));
  const dates = (): AsyncIterable<LedgerDate> =>
    ledgerDatesFromPages(archive.pages(), (ledgerId) => ({ currency: currencies.get(ledgerId) ?? '' }));
  const book = await prepareBook({ company, policy, period: { from: day, to: day }, dates, everyDate: true });
  // When the file is made is the one thing that comes from outside: fixed here, so that both are the same.
  const config = { dialect: 'hledger', split: 'none', accounts: {} } as const;
  const set = journal.render(book, config, { createdAt: '2026-11-21T08:00:00Z' });
  return (await writeOutputSet(folder, set, { replace: true })).files;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(isBilagError(error) ? error.message : error);
  process.exitCode = 1;
}

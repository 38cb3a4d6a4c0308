import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Book, FileAdapter, OutputFile } from '@bilag/core';
import { csv } from '@bilag/csv';
import { writeOutputSet } from '@bilag/engine';
import { journal } from '@bilag/journal';
import { sie } from '@bilag/sie';
import { sampleBook, sampleVouchers, type Home } from '../sample-book.ts';

/** A file of an adapter, from a prepared book to its place, over and over: `file.ts <adapter> [entries]`. One line of JSON. */
const [name = 'csv', wanted = '20000'] = process.argv.slice(2);
const context = { createdAt: '2026-11-21T08:00:00Z' };

interface Way {
  readonly render: (book: Book) => AsyncIterable<OutputFile>;
  readonly home?: Home;
}

const swedish: Home = { country: 'SE', currency: 'SEK', organisationNumber: '5560360793' };
const ways: Readonly<Record<string, Way>> = {
  csv: { render: renderer(csv, {}) },
  journal: { render: renderer(journal, { dialect: 'ledger' }) },
  sie: { render: renderer(sie, {}), home: swedish },
};

function renderer<Config>(adapter: FileAdapter<Config>, given: object): Way['render'] {
  const checked = adapter.config['~standard'].validate(given);
  if (!('value' in checked)) throw new TypeError(`this is no config of ${adapter.id}`);
  const { value } = checked;
  return (book) => adapter.render(book, value, context);
}

const { render, home } = ways[name] ?? {};
if (render === undefined) throw new RangeError(`there is no ${name} among ${Object.keys(ways).join(', ')}`);
const vouchers = [...sampleVouchers(Number(wanted), 250, home)];
const book = sampleBook(() => vouchers, home);
const folder = mkdtempSync(join(tmpdir(), 'bilag-bench-'));

const lines = 3 * Number(wanted);
let best = 0;
try {
  for (let run = 0; run < 9; run += 1) {
    const before = process.cpuUsage();
    await writeOutputSet(join(folder, String(run)), render(book));
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, lines / ((user + system) / 1e6));
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${JSON.stringify({ stage: 'file', name, linesPerSecondOfProcessor: best })}\n`);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linesOf, type Voucher } from '@bilag/core';
import { writeOutputSet } from '@bilag/engine';
import { safT, safTConfig } from '@bilag/saf-t';
import { modelOf } from '../../../adapters/saf-t/src/write/model.ts';
import { createTransactionWriter } from '../../../adapters/saf-t/src/write/transaction-writer.ts';
import { templateOf } from '../peers/template-writer.ts';
import { byFastXmlParser, byXmlBuilder } from '../peers/xml-libraries.ts';
import { sampleBook, sampleVouchers } from '../sample-book.ts';

/**
 * One way of writing the lines of SAF-T, over and over: `saf-t.ts <way> [entries]`. One line of JSON: lines a second of
 * processor and of time, the best of some runs, since what is not the work's own only adds to it.
 */
const [way = 'template', wanted = '20000'] = process.argv.slice(2);
const entries = Number(wanted);
const vouchers = [...sampleVouchers(entries, 250)];
const createdAt = '2026-11-21T08:00:00Z';
const folder = mkdtempSync(join(tmpdir(), 'bilag-bench-'));
const config = safTConfig.parse({
  address: { city: 'Tromsø' },
  contact: { lastName: 'Nordmann' },
  vatRegistered: true,
  startsWithoutOpenings: true,
});

/** Text as bytes, in blocks fit for a file. */
function inBlocks(written: Iterable<string>): void {
  let block = '';
  for (const text of written) {
    block += text;
    if (block.length < 65_536) continue;
    Buffer.from(block);
    block = '';
  }
  Buffer.from(block);
}

function* by(write: (voucher: Voucher) => string): Generator<string> {
  for (const voucher of vouchers) yield write(voucher);
}

function* byWriter(): Generator<string> {
  const writer = createTransactionWriter(
    modelOf(
      sampleBook(() => vouchers),
      config,
      createdAt,
    ),
  );
  for (const voucher of vouchers) yield* writer.pieces(voucher, linesOf(voucher, 'explicit'));
}

let runs = 0;
/** From a prepared book to checked files in their place. */
async function whole(): Promise<void> {
  const book = sampleBook(() => vouchers);
  await writeOutputSet(join(folder, String((runs += 1))), safT.render(book, config, { createdAt, onFindings: refuse }));
}

function refuse([first]: readonly { readonly message: string }[]): void {
  if (first !== undefined) throw new Error(first.message);
}

const ways: Readonly<Record<string, () => void | Promise<void>>> = {
  template: () => inBlocks(by(templateOf)),
  writer: () => inBlocks(byWriter()),
  'fast-xml-parser': () => inBlocks(by(byFastXmlParser)),
  xmlbuilder2: () => inBlocks(by(byXmlBuilder)),
  whole,
};

const lines = 3 * entries;
let best = { cpu: 0, time: 0 };
try {
  for (let run = 0; run < 9; run += 1) {
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    await ways[way]?.();
    const { user, system } = process.cpuUsage(cpu);
    best = {
      cpu: Math.max(best.cpu, lines / ((user + system) / 1e6)),
      time: Math.max(best.time, lines / ((performance.now() - start) / 1e3)),
    };
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(
  `${JSON.stringify({ stage: 'saf-t', way, linesPerSecondOfProcessor: best.cpu, linesPerSecond: best.time })}\n`,
);

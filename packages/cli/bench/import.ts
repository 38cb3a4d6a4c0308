/**
 * How fast files are imported, kind by kind:
 *
 *     node --conditions=@bilag/source packages/cli/bench/import.ts [rows]
 *
 * Makes up a month of about as many payments, writes each kind of file of it, and runs `bilag import` on each in a process of its
 * own, whose processor time and highest memory it prints, beside those of the same command with a file of three rows.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { plainDate } from '@bilag/core';
import {
  generateMerchant,
  portalReport,
  portalWorkbook,
  settlementWorkbook,
  settlementXml,
} from '@bilag/simulator-vipps';

const [rows = '30000'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bilag-import-bench-'));
const main = new URL('../src/main.ts', import.meta.url).pathname;

/** A payment a row, but for refunds, fees and payouts. */
function merchantOf(payments: number): ReturnType<typeof generateMerchant> {
  return generateMerchant({
    seed: 'import',
    market: 'NO',
    ledgerId: '302400',
    from: plainDate('2026-06-01'),
    to: plainDate('2026-06-30'),
    owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
    salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'web-shop' }],
    capturesPerDay: Math.max(1, Math.round(payments / 30)),
  });
}

const kinds: Readonly<Record<string, (merchant: ReturnType<typeof merchantOf>) => string | Uint8Array>> = {
  'portal report, CSV': (merchant) => portalReport([merchant]),
  'portal report, XLSX': (merchant) => portalWorkbook([merchant]),
  'settlement report 3.0, XML': (merchant) => settlementXml(merchant, '3.0'),
  'settlement report 2.0, XML': (merchant) => settlementXml(merchant, '2.0'),
  'settlement report of 2018 and 2019, XLSX': (merchant) => settlementWorkbook([merchant]),
};

try {
  const [large, small] = [merchantOf(Number(rows)), merchantOf(1)];
  const count = [...large.dates()].reduce((sofar, { funds }) => sofar + funds.length, 0);
  for (const [kind, write] of Object.entries(kinds)) {
    const bare = await imported(write(small));
    const { seconds, megabytes } = await imported(write(large));
    const perSecond = Math.round(count / (seconds - bare.seconds));
    process.stdout.write(
      `${kind}: ${count} rows, ${perSecond} a second of processor time, ${megabytes} MB at the highest\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Imports a file into an archive of its own. */
async function imported(
  content: string | Uint8Array,
): Promise<{ readonly seconds: number; readonly megabytes: number }> {
  const own = mkdtempSync(join(folder, 'company-'));
  writeFileSync(join(own, 'file'), content);
  const source = { kind: 'vipps', keys: 'none', imports: { settlement: 'net' } };
  const policy = { versions: [{ from: '2026-06-01', market: 'NO', sales: { sale: '25' } }] };
  const identity = { id: 'cafe', name: 'Kafé Eksempel AS', organisationNumber: '987654321' };
  const config = { ...identity, country: 'NO', currency: 'NOK', source, policy, targets: {} };
  writeFileSync(join(own, 'bilag.config.json'), JSON.stringify(config));
  const tell = "process.on('exit', () => process.stderr.write(JSON.stringify(process.resourceUsage())))";
  const preload = `data:text/javascript,${encodeURIComponent(tell)}`;
  const program = ['--conditions=@bilag/source', '--import', preload, main, 'import', 'file', '--json'];
  const child = spawn(process.execPath, program, { cwd: own, stdio: ['ignore', 'ignore', 'pipe'] });
  const [told] = await Promise.all([text(child.stderr), once(child, 'close')]);
  const start = told.lastIndexOf('{"');
  if (start === -1 || child.exitCode === null || child.exitCode > 1) throw new Error(told);
  const usage = JSON.parse(told.slice(start)) as NodeJS.ResourceUsage;
  return { seconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6, megabytes: Math.round(usage.maxRSS / 1024) };
}

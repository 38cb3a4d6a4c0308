import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { plainDate } from '@bilag/core';
import { generateMerchant, type Merchant, uneventful } from '@bilag/simulator-vipps';
import { createBench, type Bench, type Ran } from './bench.ts';

/** A merchant whose files are imported: a week of plain trade, and the next one. */
export function merchantOf(more: object = {}): Merchant {
  return generateMerchant({
    seed: 'files',
    market: 'NO',
    ledgerId: '302400',
    from: plainDate('2026-06-01'),
    to: plainDate('2026-06-14'),
    owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
    salesUnits: [{ handle: 'api:123455', name: 'Kafé', trade: 'cafe' }],
    capturesPerDay: 4,
    features: { ...uneventful, refunds: 1000 },
    ...more,
  });
}

export const merchant: Merchant = merchantOf();

/** A company that has files and no keys. */
export function benchOf(files: Readonly<Record<string, string | Uint8Array>> = {}, config: object = {}): Bench {
  const bench = createBench();
  bench.write('bilag.config.json', {
    id: 'cafe',
    name: 'Kafé Eksempel AS',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    source: { kind: 'vipps', keys: 'none' },
    policy: { versions: [{ from: '2026-06-01', market: 'NO', sales: { sale: '25' } }] },
    targets: { journal: { adapter: '@bilag/journal', config: { dialect: 'hledger' } } },
    ...config,
  });
  for (const [name, content] of Object.entries(files)) put(bench, name, content);
  return bench;
}

export function put(bench: Bench, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(bench.path(name)), { recursive: true });
  writeFileSync(bench.path(name), content);
}

export interface Imported {
  readonly files: readonly {
    readonly name: string;
    readonly outcome: string;
    readonly dates: number;
    readonly ledgers: string[];
  }[];
  readonly skipped: readonly { readonly name: string; readonly seen: string }[];
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly message: string;
    readonly where: string;
  }[];
}

export function read({ out }: Ran): Imported {
  return (JSON.parse(out) as { companies: Imported[] }).companies[0] as Imported;
}

/** Whether a command has left nothing behind. */
export async function isEmpty(bench: Bench): Promise<boolean> {
  const { code, out, messages } = await bench.run('book');
  return code === 2 && /there is no archive|nothing to book/.test(out + messages);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from './database.ts';
import { createReceiptsServer } from './receipts-server.ts';
import { simulateMerchants } from './simulated-merchants.ts';

/** Two nights of a hundred simulated merchants: the second finds nothing to do. Then what a page of ours would show. */
async function main([count = '100']: readonly string[]): Promise<void> {
  const { vipps, env } = await simulateMerchants(Number(count), mkdtempSync(join(tmpdir(), 'vendor-')));
  const job = ['--conditions=@bilag/source', fileURLToPath(new URL('main.ts', import.meta.url)), '2026-07-02'];
  for (const name of ['first', 'second']) {
    console.log(`The ${name} night:`);
    await once(spawn(process.execPath, job, { env: { ...process.env, ...env }, stdio: 'inherit' }), 'close');
  }
  await vipps.close();
  const server = createReceiptsServer(openDatabase(env.DATABASE)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const path = '/merchants/m001/receipts';
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  console.log(`GET ${path}`, await reply.json());
  server.close();
}

await main(process.argv.slice(2));

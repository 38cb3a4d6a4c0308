import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lawCompanies, storeLaws } from '@bilag/engine/store-laws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram, type ProgramRun } from '../../../test/run-program.ts';
import { openDatabase } from '../src/database.ts';
import { createReceiptsServer } from '../src/receipts-server.ts';
import { Receipts } from '../src/receipts.ts';
import { simulateMerchants, type SimulatedMerchants } from '../src/simulated-merchants.ts';
import { openVault } from '../src/vault.ts';

const program = new URL('../src/main.ts', import.meta.url);
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'bilag-embed-in-your-system-'));
const night = ({ env }: SimulatedMerchants): Promise<ProgramRun> => runProgram(program, ['2026-07-02'], { env });

describe('receipts in our own database keep the laws of stores', () => {
  // A law throws when it is broken.
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...storeLaws])('$id: $sentence', (law) =>
    law.prove(() => {
      const path = join(newFolder(), 'vendor.sqlite');
      const insert = openDatabase(path).prepare(`INSERT INTO merchant VALUES (?, '', '', '', '', '', '', NULL)`);
      for (const id of lawCompanies) insert.run(id);
      return { open: async () => new Receipts(openDatabase(path)) };
    }),
  );
});

describe('a night of many merchants', () => {
  let merchants: SimulatedMerchants;
  beforeAll(async () => {
    merchants = await simulateMerchants(12, newFolder());
  });
  afterAll(() => merchants.vipps.close());

  test('posts each voucher once, and the next night has nothing to do', async () => {
    expect(await night(merchants)).toEqual({
      code: 0,
      errors: '',
      output: '12 merchants, 24 vouchers posted: done 12\n',
    });
    expect(await night(merchants)).toMatchObject({
      code: 0,
      output: '12 merchants, 0 vouchers posted: done 12\n',
    });
    expectBooksToBeRight(merchants);
  });

  test('receipts that were lost are found in the ledger, and nothing is posted again', async () => {
    const database = openDatabase(merchants.env.DATABASE);
    database.exec(
      'DELETE FROM delivery; DELETE FROM held_fact; DELETE FROM voucher_receipt; DELETE FROM delivery_past;',
    );
    expect(await night(merchants)).toMatchObject({
      code: 0,
      output: '12 merchants, 0 vouchers posted: done 12\n',
    });
    expectBooksToBeRight(merchants);
  });

  test('our pages read our own table', async () => {
    const database = openDatabase(merchants.env.DATABASE);
    const server = createReceiptsServer(database).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/merchants`;
    const receipts: unknown = await (await fetch(`${url}/m007/receipts`)).json();
    expect(receipts).toEqual([
      expect.objectContaining({ reference: '302406-20260701', status: 'posted', note: null }),
      expect.objectContaining({ reference: '302406-20260702', status: 'posted', note: null }),
    ]);
    expect((await fetch(`${url}/m007/secrets`)).status).toBe(404);
    server.close();
  });
});

describe('a night that goes wrong', () => {
  test('killed again and again it loses nothing and books nothing twice', async () => {
    const merchants = await simulateMerchants(10, newFolder());
    for (const count of [1, 6, 12]) await killAt(count, merchants);
    let run = await night(merchants);
    // Whom a dead process was posting for is free when its lease is over.
    for (let times = 0; run.code === 4 && times < 60; times += 1) {
      expect(run.output).toContain('is delivering for');
      await delay(500);
      run = await night(merchants);
    }
    expect(run).toMatchObject({ code: 0, errors: '' });
    expectBooksToBeRight(merchants);
    await merchants.vipps.close();
  });

  test('two at the same time book nothing twice', async () => {
    const merchants = await simulateMerchants(5, newFolder());
    const runs = await Promise.all([night(merchants), night(merchants)]);
    // The one that finds a merchant taken says "later".
    expect(runs.map(({ code }) => code).filter((code) => code !== 0 && code !== 4)).toEqual([]);
    expect((await night(merchants)).code).toBe(0);
    expectBooksToBeRight(merchants);
    await merchants.vipps.close();
  });

  test('one merchant that cannot be booked does not stop the others, and somebody is told', async () => {
    const merchants = await simulateMerchants(5, newFolder());
    const database = openDatabase(merchants.env.DATABASE);
    database.exec(`UPDATE merchant SET locked_through = '2026-07-01' WHERE id = 'm002';
      UPDATE merchant SET sales_vat = 'none' WHERE id = 'm003';
      DELETE FROM secret WHERE reference = 'file:vipps-4';`);
    const { code, output } = await night(merchants);
    expect(output).toContain(
      'm002 (person): voucher 302401-20260701, 2026-07-01: the books are closed through 2026-07-01',
    );
    expect(output).toMatch(/m003 \(usage\): .*none/);
    expect(output).toContain('m004 (usage): BilagError: there are no keys (file:vipps-4)');
    expect(output).toContain('5 merchants, 5 vouchers posted: done 2, person 1, usage 2');
    expect(code).toBe(2);
    await merchants.vipps.close();
  });
});

test('keys lie sealed in the database, and open with the passphrase alone', async () => {
  const path = join(newFolder(), 'vendor.sqlite');
  const database = openDatabase(path);
  await openVault(database, 'right').put('vipps/1', { clientSecret: 'very secret' });
  expect(await openVault(database, 'right').get('vipps/1')).toEqual({ clientSecret: 'very secret' });
  await expect(openVault(database, 'wrong').get('vipps/1')).rejects.toMatchObject({ kind: 'config' });
  expect(JSON.stringify(database.prepare('SELECT CAST(sealed AS TEXT) FROM secret').all())).not.toContain('very');
});

/** Ends the job, as a power cut would, when the ledger has so many vouchers. */
async function killAt(count: number, { env }: SimulatedMerchants): Promise<void> {
  const database = openDatabase(env.DATABASE);
  const vouchers = database.prepare('SELECT count(*) AS count FROM ledger_voucher');
  const job = spawn(process.execPath, ['--conditions=@bilag/source', fileURLToPath(program), '2026-07-02'], {
    env: { ...process.env, ...env },
  });
  const ended = once(job, 'exit');
  while (Number(vouchers.get()?.['count']) < count && job.exitCode === null) await delay(2);
  job.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  database.close();
}

/** Everything is in our ledger once: what stands on the clearing account is what Vipps owes each merchant. */
function expectBooksToBeRight({ env, vipps }: SimulatedMerchants): void {
  const database = openDatabase(env.DATABASE);
  const clearing = database
    .prepare(
      `SELECT vipps_ledger AS ledger, sum(amount) AS clearing, count(DISTINCT voucher) AS vouchers
       FROM merchant JOIN ledger_voucher ON merchant_id = id JOIN ledger_line ON voucher = number
       WHERE account = '1579' GROUP BY vipps_ledger ORDER BY vipps_ledger`,
    )
    .all();
  const expected = vipps.ledgers.map(({ ledgerId }) => {
    return { ledger: ledgerId, clearing: vipps.expected(ledgerId).funds.closing, vouchers: 2 };
  });
  expect(clearing.map((row) => ({ ...row }))).toEqual(expected);
  const receipts = database.prepare(
    `SELECT count(*) AS receipts FROM voucher_receipt r JOIN ledger_voucher v
     ON v.merchant_id = r.merchant_id AND v.reference = r.reference AND r.ledger_number = v.number
     WHERE r.status = 'posted'`,
  );
  expect(receipts.get()?.['receipts']).toBe(2 * expected.length);
  database.close();
}

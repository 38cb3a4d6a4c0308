import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenCompany, type Company } from '@bilag/company';
import { openOffice } from '@bilag/office';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { merchantOf, openOfficeBench, type OfficeBench } from '../../office/test/office-bench.ts';
import { officeOf } from '../src/index.ts';
import { openPageBench, type PageBench } from './page-bench.ts';

let bench: OfficeBench;
let page: PageBench;
let cookie: string;
let company: Company;

beforeAll(async () => {
  bench = await openOfficeBench([merchantOf(0)]);
  await bench.night();
  const { companies, surroundings, store } = bench;
  company = companies[0] as Company;
  page = await openPageBench({ office: officeOf({ companies, store, surroundings }), language: 'en' });
  cookie = await page.comeIn();
});

afterAll(async () => {
  await page[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function shown(path: string): Promise<string> {
  const { status, text } = await page.ask(`/en/c/${company.id}/${path}`, { headers: { cookie } });
  expect(`${status} ${status === 200 ? '' : text}`).toBe('200 ');
  return text;
}

/** Takes the first voucher back, as a night or a person beside the page. */
async function undoOne(): Promise<string> {
  await using open = new OpenCompany(company, bench.surroundings);
  const target = await open.target('books');
  const rows = await target.connection.store.rows(company.id, { states: ['posted'] });
  const voucher = rows.find(({ kind }) => kind === 'voucher')?.reference ?? '';
  await target.undo({ voucher }, () => true);
  return voucher;
}

describe('a page that is open for weeks', () => {
  test('holds no delivery log while nobody looks, so that a copy of its file is all of it', async () => {
    await shown('needs-you');
    await undoOne();
    expect(existsSync(`${company.delivery}-wal`)).toBe(false);
  });

  test('says what is wrong while what the nights remember is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bilag-away-'));
    const store = await openOffice(join(folder, 'office.sqlite'));
    const { companies, surroundings } = bench;
    await using away = await openPageBench({ office: officeOf({ companies, store, surroundings }), language: 'en' });
    const headers = { cookie: await away.comeIn() };
    // Restored, as most programs do it: another file under the name. The pages would go on with the one that has none.
    copyFileSync(join(folder, 'office.sqlite'), join(folder, 'backup.sqlite'));
    renameSync(join(folder, 'backup.sqlite'), join(folder, 'office.sqlite'));
    expect(await away.ask('/en/overview', { headers })).toMatchObject({
      status: 409,
      text: expect.stringContaining('start the program anew') as string,
    });
    await store.close();
    for (const path of ['/en/overview', `/en/c/${company.id}/settings`, '/en/nothing']) {
      const { status, text } = await away.ask(path, { headers });
      expect({ path, status }).toEqual({ path, status: path === '/en/nothing' ? 404 : 409 });
      expect(text).toContain('</html>');
    }
    rmSync(folder, { recursive: true });
  });

  test('says of what was cut off that it was, and not for ever that it is under way', async () => {
    const act = { companyId: company.id, kind: 'apply', what: '3 vouchers', by: 'Kari Hansen' };
    const now = bench.surroundings.now().getTime();
    const lately = await bench.store.beginAct({ ...act, at: now - 60_000 });
    const weeksAgo = await bench.store.beginAct({ ...act, at: now - 20 * 86_400_000 });
    expect(await shown(`done/${lately.id}`)).toContain('Under way');
    expect(await shown(`done/${weeksAgo.id}`)).toContain('The program was stopped meanwhile');
  });

  test('shows what a log says that was restored in its place', async () => {
    const backup = `${company.delivery}.backup`;
    copyFileSync(company.delivery, backup);
    await shown('needs-you');
    const voucher = await undoOne();
    expect(await shown('needs-you')).toContain(voucher);
    copyFileSync(backup, company.delivery);
    expect(await shown('needs-you')).not.toContain(voucher);
  });
});

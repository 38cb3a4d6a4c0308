import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeOutputSet } from '@bilag/engine';
import { HtmlValidate } from 'html-validate';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFiles } from '../src/index.ts';
import { viewNames } from '../src/view.ts';
import { barriersOf, complaintsOf, contrast, sheetsOf, startBrowser } from './browser-bench.ts';
import { openOfficeOfFifty, special, type OfficeOfFifty } from './office-of-fifty.ts';
import { openPageBench, type PageBench } from './page-bench.ts';

const browser: Browser | undefined = await startBrowser();
const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

let fifty: OfficeOfFifty;
let bench: PageBench;
let context: BrowserContext;
const pages = new Map<string, string>();

beforeAll(async () => {
  if (browser === undefined) return;
  fifty = await openOfficeOfFifty();
  bench = await openPageBench({ office: fifty.office, allow: ['deliver'] });
  context = await browser.newContext();
  await (await context.newPage()).goto(bench.links[0] ?? '');
}, 240_000);

afterAll(async () => {
  if (browser === undefined) return;
  await browser.close();
  await bench[Symbol.asyncDispose]();
  await fifty[Symbol.asyncDispose]();
});

describe.skipIf(browser === undefined)('every page of an office of fifty companies', () => {
  beforeAll(async () => walk(pages), 120_000);

  test('is reached from the overview', () => {
    const reached = new Set([...pages.values()].map((address) => viewOf(address)));
    expect([...reached].toSorted()).toEqual(
      [...viewNames, ...['apply', 'match', 'release', 'settle', 'undo'].map((name) => `do/${name}`)].toSorted(),
    );
    expect(bench.faults).toEqual([]);
  });

  test('is valid HTML, in every language', async () => {
    const headers = { cookie: await bench.comeIn() };
    const problems = new Set<string>();
    for (const [index, address] of [...pages.values()].entries()) {
      // Each page in two languages, and each language on some pages.
      for (const language of ['nb', ['en', 'da', 'sv', 'fi'][index % 4]]) {
        const { text, status } = await bench.ask(address.replace('/nb/', `/${language}/`), { headers });
        const { results } = await validator.validateString(text);
        const told = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
        const [strange] = / style=|<style|\son\w+=|\bundefined\b|\[object |\bNaN\b/.exec(text) ?? [];
        for (const problem of [...told, strange, status === 200 ? undefined : String(status)])
          if (problem !== undefined) problems.add(`${address}, ${language}: ${problem}`);
      }
    }
    expect([...problems]).toEqual([]);
  });

  test('keeps WCAG 2.1 AA, light and dark, and at 400 %', async () => {
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const problems: string[] = [];
    for (const address of pages.values()) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 1024 });
      await page.goto(`${bench.server.url}${address}`);
      const barriers = await barriersOf(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      const inTheDark = await barriersOf(page, contrast);
      // 1280 pixels at 400 % are 320: nothing but a table scrolls sideways (WCAG 1.4.10).
      await page.setViewportSize({ width: 320, height: 256 });
      const wide = (await page.evaluate(widestBeyond)) as string[];
      const headings = await page.locator('h1').count();
      const unnamed = await page.locator('table:not(:has(> caption))').count();
      for (const problem of [
        ...barriers,
        ...inTheDark.map((each) => `dark: ${each}`),
        ...wide,
        ...complaints.splice(0),
      ])
        problems.push(`${address}: ${problem}`);
      if (headings !== 1 || unnamed > 0)
        problems.push(`${address}: ${headings} headings, ${unnamed} tables without a caption`);
    }
    expect(problems).toEqual([]);
  });
});

describe.skipIf(browser === undefined)('somebody', () => {
  test('gets everywhere by the keyboard alone, and sees where', async () => {
    const page = await context.newPage();
    await page.goto(`${bench.server.url}/nb/overview`);
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await focused.getAttribute('href')).toBe('#content');
    expect((await focused.boundingBox())?.x).toBeGreaterThanOrEqual(0);
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
    await page.keyboard.press('Enter');
    // From the content on, the first company is soon reached.
    const isCompany = async (): Promise<boolean> => /\/c\/kafe-\d+\//.test((await focused.getAttribute('href')) ?? '');
    for (let presses = 0; presses < 30 && !(await isCompany()); presses++) await page.keyboard.press('Tab');
    await Promise.all([page.waitForURL(/\/c\/kafe-/), page.keyboard.press('Enter')]);
    expect(await page.locator('[aria-current="page"]').textContent()).toContain('Oversikt');
    await page.locator('#find').focus();
    await page.keyboard.type('kafe-7');
    await Promise.all([page.waitForURL(/\/c\/kafe-7\/overview/), page.keyboard.press('Enter')]);
  });

  test('has dark pages in the dark, and the colours of the system where they are forced', async () => {
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${bench.server.url}/nb/c/${special.held}/overview`);
    expect(await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(20, 24, 31)');
    await page.emulateMedia({ forcedColors: 'active' });
    const stroke = `getComputedStyle(document.querySelector('svg .line')).stroke`;
    expect(await page.evaluate(stroke)).not.toBe('rgb(109, 155, 232)');
  });

  test('prints a month on one sheet, without menu and forms', async () => {
    const page = await context.newPage();
    await page.goto(`${bench.server.url}/nb/c/${special.held}/month`);
    expect(await sheetsOf(page)).toBe(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('header nav').isVisible()).toBe(false);
    expect(await page.locator('h1').isVisible()).toBe(true);
  });

  test('reads a report from the disk as the pages', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bilag-report-'));
    const companies = new Map([...fifty.office.companies].slice(0, 2));
    await writeOutputSet(join(folder, 'out'), reportFiles({ office: { ...fifty.office, companies } }));
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(pathToFileURL(join(folder, 'out', 'index.html')).href);
    await page.locator('main').getByRole('link', { name: 'Kafé 1 AS' }).click();
    await page.locator('header').getByRole('link', { name: 'Bilag' }).click();
    expect(await page.locator('h1').textContent()).toContain('Bilag');
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('1216px');
    expect(complaints).toEqual([]);
    expect(await barriersOf(page)).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });

  test('does what needs somebody, without a script in the browser', async () => {
    const plain = await browser?.newContext({ javaScriptEnabled: false });
    const page = await plain?.newPage();
    if (page === undefined) return;
    await page.goto(bench.links.at(-1) ?? '');
    const finish = async (): Promise<void> => {
      await page.getByLabel('Navnet ditt').fill('Kari Hansen');
      await page.locator('button.main').press('Enter');
      expect(await page.locator('[role="status"]').textContent()).toContain('Gjort');
    };
    const typeSum = async (): Promise<void> => {
      const label = page.locator('label[for="amount"]');
      const [sum = ''] = /[\d\s\u00a0]+,\d\d/.exec((await label.textContent()) ?? '') ?? [];
      await page.getByLabel(/Skriv summen/).fill(sum.trim());
    };
    const open = async (companyId: string, action: string): Promise<void> => {
      await page.goto(`${bench.server.url}/nb/c/${companyId}/needs-you`);
      await page.locator(`main a[href*="/do/${action}"]`).first().click();
    };
    await open(special.unknown, 'settle');
    await page.getByLabel('Bilaget står ikke der').check();
    await finish();
    await open(special.bank, 'match');
    await page.locator('input[name="payout"]').first().check();
    await finish();
    await open(special.held, 'release');
    await finish();
    await page.goto(`${bench.server.url}/nb/c/${special.planned}/vouchers?from=planned`);
    await page.locator('main a[href*="/do/apply"]').first().click();
    await typeSum();
    await finish();
    expect(fifty.bench.vouchersOf(0)).toBeGreaterThan(3);
    await page.goto(`${bench.server.url}/nb/c/${special.planned}/vouchers`);
    await page.locator('main a[href*="/voucher?"]').first().click();
    await page.locator('main a[href*="/do/undo"]').first().click();
    await typeSum();
    await finish();
    await page.goto(`${bench.server.url}/nb/c/${special.planned}/log`);
    expect(await page.locator('main').textContent()).toContain('Kari Hansen');
    expect(bench.faults).toEqual([]);
  });
});

/** In the page: what is wider than it, where the page can be scrolled sideways. */
const widestBeyond = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *, header *, footer *')]
  .filter((each) => each.closest('.scroll, .tables') === null && each.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map((each) => 'too wide: ' + each.outerHTML.slice(0, 160))`;

/** Follows links from the overview, one of each shape: the same page with the same choices made is seen once. */
async function walk(found: Map<string, string>): Promise<void> {
  const cookie = await bench.comeIn();
  // A voucher that was posted comes before those that something is with.
  const waiting = [
    '/nb/overview',
    `/nb/c/${special.bank}/vouchers`,
    ...Object.values(special).map((id) => `/nb/c/${id}/needs-you`),
  ];
  for (const address of waiting) {
    const shape = shapeOf(address);
    if (found.has(shape)) continue;
    const { text, status, headers } = await bench.ask(address, { headers: { cookie } });
    if (status !== 200) throw new Error(`${address}: ${status} ${text}`);
    if (!String(headers['content-type']).startsWith('text/html')) continue;
    found.set(shape, address);
    for (const [, href = ''] of text.matchAll(/ href="(\/nb\/[^"]*)"/g)) waiting.push(href.replaceAll('&amp;', '&'));
  }
}

/** The page and the names of what is chosen; what needs somebody is seen of every company that something is with. */
function shapeOf(address: string): string {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const isAny =
    !pathname.endsWith('/needs-you') || !Object.values(special).some((id) => pathname.includes(`/c/${id}/`));
  const page = isAny ? pathname.replace(/\/c\/[^/]+\//, '/c/any/') : pathname;
  return `${page} ${[...searchParams.keys()].toSorted().join(' ')}`;
}

function viewOf(address: string): string {
  const { pathname } = new URL(address, 'http://localhost');
  return pathname.replace(/^\/nb\/(?:c\/[^/]+\/)?/, '');
}

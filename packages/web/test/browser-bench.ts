import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { AxeResults, RunOptions } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Debian's chromium; undefined where it is not installed. With `CI` that is an error, so that nothing is skipped in silence. */
export async function startBrowser(): Promise<Browser | undefined> {
  if (existsSync(executablePath)) return chromium.launch({ executablePath, args: ['--no-sandbox'] });
  if (process.env['CI'] === 'true') throw new Error('chromium is not installed: apt-get install chromium');
  return undefined;
}

/** What went wrong on a page and what it logged: a style or a script that the policy of the page forbids is told there. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return complaints;
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What WCAG 2.1 AA asks for and the page does not give, as far as a program can tell. */
export async function barriersOf(page: Page, options: RunOptions = wcag): Promise<readonly string[]> {
  await page.evaluate(await axeSource);
  const { violations } = await page.evaluate(
    async (given) => (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const wcag: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };

/** Contrast alone: what other colours change. */
export const contrast: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] } };

/** How many pages of paper a document is. */
export async function sheetsOf(page: Page): Promise<number> {
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

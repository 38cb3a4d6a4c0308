import { languages } from '@bilag/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewAt, views } from '../src/routes.ts';
import type { ViewName } from '../src/view.ts';
import { contextFor, openSmallOffice, type SmallOffice } from './small-office.ts';

let small: SmallOffice;
beforeAll(async () => {
  small = await openSmallOffice();
}, 120_000);
afterAll(async () => small[Symbol.asyncDispose]());

interface AskedPage {
  readonly query?: Readonly<Record<string, string>>;
  readonly options?: NonNullable<Parameters<typeof contextFor>[2]>;
  /** Null: of the whole office. */
  readonly companyId?: string | null;
}

/** A page as its browser gets it, without what stands around it. */
async function pageOf(
  name: ViewName,
  { query = {}, options = {}, companyId = small.cafe }: AskedPage = {},
): Promise<string> {
  const view = viewAt(name, companyId === null ? 'office' : 'company');
  if (view === undefined) throw new Error(`there is no page ${name}`);
  const asked = {
    companyId: companyId ?? undefined,
    parameters: new URLSearchParams(query),
    showsPersonal: options.showsPersonal ?? false,
  };
  const data: unknown = await view.data(small.office, asked);
  const { main } = view.page(data, contextFor(small.office, companyId ?? undefined, options));
  return String(await main);
}

/** The text of a page, without its tags. */
function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('every page of a company', () => {
  const whole = views.filter(({ scope, name }) => scope !== 'office' && !['payout', 'voucher', 'rows'].includes(name));

  test.for(languages)('is made in %s, and has no text that is missing', async (language) => {
    const pages = new Map<string, string>();
    for (const { name } of whole) pages.set(name, await pageOf(name, { options: { language } }));
    const named = [...pages];
    expect(named.filter(([, html]) => /undefined|\[object|NaN/.test(html))).toEqual([]);
    expect(named.filter(([, html]) => textOf(html).length < 20)).toEqual([]);
  });
});

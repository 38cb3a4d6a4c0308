import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOfficeOfFifty, special, type OfficeOfFifty } from './office-of-fifty.ts';
import { openPageBench, pathOf, type PageBench, type Reply } from './page-bench.ts';

let fifty: OfficeOfFifty;
let page: PageBench;
let cookie: string;

beforeAll(async () => {
  fifty = await openOfficeOfFifty(4);
  page = await openPageBench({ office: fifty.office, allow: ['deliver'], language: 'en' });
  cookie = await page.comeIn();
});

afterAll(async () => {
  await page[Symbol.asyncDispose]();
  await fifty[Symbol.asyncDispose]();
});

/** The form of an act, as a browser reads it. */
async function formAt(
  path: string,
): Promise<{ readonly text: string; readonly hidden: Readonly<Record<string, string>> }> {
  const { status, text } = await page.ask(path, { headers: { cookie } });
  expect(status).toBe(200);
  const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  return { text, hidden: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])) };
}

async function send(path: string, fields: Readonly<Record<string, string>>): Promise<Reply> {
  return page.ask(path, {
    method: 'POST',
    headers: {
      cookie,
      origin: page.server.url,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(fields).toString(),
  });
}

/** Sends a form, and reads where it leads to. */
async function done(path: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const { hidden } = await formAt(path);
  const { status, headers, text } = await send(path, { ...hidden, by: 'Kari Hansen', ...fields });
  expect(`${status} ${status === 303 ? '' : text}`).toBe('303 ');
  return (await page.ask(pathOf(`${page.server.url}${String(headers['location'])}`), { headers: { cookie } })).text;
}

/** The sum that the form asks to be typed. */
function amountIn(text: string): string {
  return /Type the sum ([\d.,]+)/.exec(text)?.[1] ?? '';
}

describe('posting what is planned', () => {
  const path = `/en/c/${special.planned}/do/apply`;

  test('shows accounts, VAT and sums before', async () => {
    const { text } = await formAt(path);
    for (const shown of ['Sums by account', 'VAT code', '1579', 'Debit', 'Credit']) expect(text).toContain(shown);
    expect(amountIn(text)).toMatch(/^\d{1,3}(?:,\d{3})*\.\d\d$/);
  });

  test('does nothing for a wrong sum, nobody, or another plan', async () => {
    const { hidden, text } = await formAt(path);
    const right = { ...hidden, amount: amountIn(text), by: 'Kari Hansen' };
    for (const wrong of [{ amount: '' }, { amount: '1.00' }, { by: ' ' }, { seen: 'another' }, { form: 'guess' }])
      expect((await send(path, { ...right, ...wrong })).status).toBeGreaterThanOrEqual(400);
    expect(fifty.bench.vouchersOf(0)).toBe(0);
    expect(await fifty.bench.store.acts({ most: 9 })).toEqual([]);
  });

  test('posts each voucher once, and says who did it', async () => {
    const { text } = await formAt(path);
    const ended = await done(path, { amount: amountIn(text).replaceAll(',', '') });
    const posted = fifty.bench.vouchersOf(0);
    expect(posted).toBeGreaterThan(3);
    expect(ended).toContain(`Posted ${posted} of ${posted}`);
    const [act] = await fifty.bench.store.acts({ most: 9 });
    expect(act).toMatchObject({
      companyId: special.planned,
      kind: 'apply',
      by: 'Kari Hansen',
      ended: { isDone: true },
    });
    // Nothing is left to do, and the form is gone.
    expect((await formAt(path)).hidden).toEqual({});
    expect(fifty.bench.vouchersOf(0)).toBe(posted);
  });
});

test('a voucher that was posted is reversed once its sum is typed', async () => {
  const [row] = await rowsOf(special.planned, 'posted');
  const path = `/en/c/${special.planned}/do/undo?voucher=${row?.reference}`;
  const { text } = await formAt(path);
  expect(await done(path, { amount: amountIn(text) })).toContain('Reversed 1 of 1');
  const states = (await rowsOf(special.planned))
    .filter(({ key }) => key === row?.key)
    .map(({ delivery }) => delivery.state);
  expect(states).toContain('reversed');
});

test('a voucher that is held is let go', async () => {
  const held = (await rowsOf(special.held)).find(({ isHeld }) => isHeld);
  const path = `/en/c/${special.held}/do/release?voucher=${encodeURIComponent(held?.key ?? '')}`;
  expect(await done(path, {})).toContain('Released: 1');
  expect((await rowsOf(special.held)).some(({ kind, isHeld }) => kind === 'voucher' && isHeld)).toBe(false);
});

describe('a voucher whose outcome is unknown', () => {
  test('is not settled against what the target shows', async () => {
    const path = `/en/c/${special.unknown}/do/settle?voucher=${await unknownIn()}`;
    const ended = await done(path, { is: 'there', id: '17' });
    expect(ended).toContain('Not done');
    expect(ended).toContain('the target does not hold it');
    expect(await rowsOf(special.unknown, 'unknown-outcome')).toHaveLength(1);
  });

  test('is settled by what a person found', async () => {
    const path = `/en/c/${special.unknown}/do/settle?voucher=${await unknownIn()}`;
    expect(await done(path, { is: 'not-there' })).toContain('Settled: planned');
    expect(await rowsOf(special.unknown, 'unknown-outcome')).toEqual([]);
  });
});

test('a line of the bank is the payout that a person says it is', async () => {
  const path = `/en/c/${special.bank}/do/match?line=${await likelyLine()}`;
  const { text } = await formAt(path);
  const [, payout = ''] = /name="payout" value="(\d[^"]*)"/.exec(text) ?? [];
  expect(await done(path, { payout, note: 'rang the merchant' })).toContain('Decision 1');
  const bank = await fifty.office.with(special.bank, async (open) => open.bank());
  expect(bank?.decisions).toMatchObject([{ kind: 'match', payouts: [payout], note: 'Kari Hansen: rang the merchant' }]);
  // What the bank writes may name a person.
  expect(text).not.toContain('INNBETALING');
});

test('everything is in the log, also what was refused', async () => {
  const acts = await fifty.bench.store.acts({ most: 20 });
  expect(acts.map(({ kind, ended }) => [kind, ended?.isDone])).toEqual([
    ['match', true],
    ['settle', true],
    ['settle', false],
    ['release', true],
    ['undo', true],
    ['apply', true],
  ]);
  expect(page.faults).toEqual([]);
});

async function rowsOf(companyId: string, state?: 'posted' | 'unknown-outcome') {
  return fifty.office.with(companyId, async (open) => {
    const { store } = (await open.target('books')).connection;
    return store.rows(companyId, state === undefined ? {} : { states: [state] });
  });
}

async function unknownIn(): Promise<string> {
  const [row] = await rowsOf(special.unknown, 'unknown-outcome');
  return row?.reference ?? '';
}

async function likelyLine(): Promise<string> {
  const bank = await fifty.office.with(special.bank, async (open) => open.bank());
  const line = bank?.matches.find(({ outcome }) => outcome === 'likely')?.line;
  return encodeURIComponent(line?.id ?? '');
}

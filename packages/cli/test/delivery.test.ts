import { bilagAccounts } from '@bilag/simulator-tripletex';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { plainDate } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { afterAll, describe, expect, test } from 'vitest';
import { clearBenches, contentsOf, type Ran } from './bench.ts';
import {
  openDeliveryBench,
  plainPolicy,
  targetsOf,
  terminal,
  tripletexCompany,
  type DeliveryBench,
} from './delivery-bench.ts';

afterAll(clearBenches);

const targets = ['tripletex', 'fiken'] as const;
type TargetName = (typeof targets)[number];

/** How many vouchers a date of the café becomes: Fiken tells sales from the rest. */
const partsOf: Readonly<Record<TargetName, number>> = { tripletex: 1, fiken: 2 };
const tradingDays = 6;

function firstOf({ out }: Ran): Readonly<Record<string, never>> {
  const { companies } = JSON.parse(out) as { readonly companies: readonly Readonly<Record<string, never>>[] };
  return companies[0] ?? {};
}

async function connected(name: TargetName, ...options: Parameters<typeof openDeliveryBench>): Promise<DeliveryBench> {
  const stage = await openDeliveryBench(...options);
  expect(await stage.run('connect', name)).toMatchObject({ code: 0, messages: '' });
  return stage;
}

async function posted(name: TargetName): Promise<DeliveryBench> {
  const stage = await connected(name);
  expect(await stage.run('apply', name)).toMatchObject({ code: 0, messages: '' });
  return stage;
}

/** Everything of the company in the target, as often as it is there. */
function heldIn({ tripletex, fiken }: DeliveryBench, name: TargetName): number {
  return name === 'fiken' ? fiken.company().books.transactions.length : tripletex.backDoor.company().vouchers().length;
}

function writesTo({ tripletex, fiken }: DeliveryBench): readonly string[] {
  return [...tripletex.requests, ...fiken.requests].flatMap(({ method, path }) =>
    method !== 'GET' && !path.includes('session') && !path.includes('oauth') ? [`${method} ${path}`] : [],
  );
}

describe.for(targets)('bilag connect %s', (name) => {
  test('finds the company, its accounts and VAT codes, pins it, and posts nothing', async () => {
    await using stage = await openDeliveryBench();
    const { code, out } = await stage.run('connect', name);
    expect(code).toBe(0);
    expect(out).toMatch(/^account +1579 +clearing +\S/m);
    expect(out).toMatch(/^VAT code +3 +sales 25 +\S/m);
    expect(out).toContain(`ready: bilag plan ${name} shows what would be posted`);
    expect(writesTo(stage)).toEqual([]);
    const status = firstOf(await stage.run('status', '--json'));
    expect(status).toMatchObject({ isConnected: true, pinned: { adapterId: name }, counts: {} });
  });

  test('an account and a VAT code that are missing are told, each with what to do', async () => {
    await using stage = await openDeliveryBench();
    const vat = { odd: { rateBasisPoints: 2500, code: '99', account: '3999', vatAccount: '2700' } };
    stage.configure({
      policy: { versions: [{ ...plainPolicy.versions[0], vat, sales: { sale: 'odd' }, lines: 'entry' } as never] },
    });
    const { code, out } = await stage.run('connect', name);
    expect(code).toBe(3);
    expect(out).toMatch(/error {4}account-missing: account 3999 is not in/);
    expect(out).toContain('open it there, or name another in the policy');
    expect(out).toMatch(/error {4}vat-code-missing: VAT code 99 is not offered/);
    expect(out).toContain("proposed for the policy:\n  lines: 'summary'");
    expect(out).toContain('not ready');
  });

  test('another merchant’s books are refused by their organisation number, and not pinned', async () => {
    await using stage = await openDeliveryBench({ organisationNumber: '987654330' });
    const { code, messages } = await stage.run('connect', name);
    expect(code).toBe(3);
    expect(messages).toContain('organisation number 987654330');
    expect(messages).toContain('nothing was pinned');
    expect(firstOf(await stage.run('status', '--json'))).toMatchObject({ isConnected: false });
  });

  test('without keys it says which variables are looked for', async () => {
    await using stage = await openDeliveryBench();
    stage.bench.env = {};
    const { code, messages } = await stage.run('connect', name);
    expect(code).toBe(2);
    expect(messages).toContain(`no variable begins with ${name.toUpperCase()}_`);
  });

  test('the target’s own import of the same sales is told, and apply refuses until the operator chooses', async () => {
    await using stage = await openDeliveryBench();
    const row = { gross: 50_000, fee: 500 };
    if (name === 'fiken') stage.fiken.company().importSettlement({ ...row, date: '2026-07-02', reference: '2000045' });
    else
      stage.tripletex.backDoor.company().importSettlement({ ...row, date: plainDate('2026-07-02'), payout: '2000045' });
    const { out } = await stage.run('connect', name);
    expect(out).toMatch(/warning {2}revenue-elsewhere: 1 voucher on the clearing account/);
    // The clearing account of a single ledger is one too, also beside others that the target's config names.
    const ledgers = { '302400': { accounts: { clearing: '1579' } } };
    const [target] = Object.entries(targetsOf(stage.tripletex, stage.fiken)).filter(([its]) => its === name);
    const watching = { ...target?.[1], config: { ...(target?.[1].config as object), clearingAccounts: ['1500'] } };
    stage.configure({
      policy: { versions: [{ ...plainPolicy.versions[0], accounts: { clearing: '1500' }, ledgers } as never] },
      targets: { [name]: watching as never },
    });
    expect((await stage.run('connect', name)).out).toMatch(/revenue-elsewhere: 1 voucher on the clearing account/);
    stage.configure();
    const held = heldIn(stage, name);
    const refused = await stage.run('apply', name);
    expect(refused.code).toBe(3);
    expect(refused.messages).toContain('the same revenue may be booked already');
    expect(heldIn(stage, name)).toBe(held);
    expect((await stage.run('apply', name, '--revenue-is-ours')).code).toBe(0);
    expect(heldIn(stage, name)).toBe(held + tradingDays * partsOf[name]);
  });
});

describe('bilag connect checks everything that the policy can post', () => {
  const version = plainPolicy.versions[0];
  const checked = async (stage: DeliveryBench, policy: object, name = 'tripletex'): Promise<unknown[]> => {
    stage.configure({ policy: policy as never });
    const { findings } = firstOf(await stage.run('connect', name, '--json')) as unknown as {
      readonly findings: readonly { readonly [Field in 'severity' | 'code' | 'message']: string }[];
    };
    return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
  };

  test('parties, in Tripletex: the supplier of every line on its account, customers of units and invoices', async () => {
    const suppliers = { '20001': 'Vipps MobilePay AS' };
    const company = { id: tripletexCompany, organisationNumber: '987654321', accounts: bilagAccounts, suppliers };
    await using stage = await openDeliveryBench({ tripletex: { companies: [company] } });
    const supplier = { id: '20001', name: 'Vipps MobilePay AS' };
    expect(await checked(stage, { versions: [version] })).toEqual([
      'warning account-requires: Tripletex asks for supplier on account 2400',
    ]);
    expect(await checked(stage, { versions: [version], supplier })).toEqual([]);
    expect(await checked(stage, { versions: [version], supplier: { ...supplier, id: '20002' } })).toEqual([
      expect.stringContaining('account 2400 with supplier 20002: there is no supplier with number 20002'),
    ]);
    // An account that keeps no suppliers refuses one.
    const ledgers = { '302400': { accounts: { payable: '2990' } } };
    expect(await checked(stage, { versions: [{ ...version, ledgers }], supplier })).toEqual([
      expect.stringContaining(
        'account 2990 with supplier 20001: the account keeps no suppliers, and the line names one',
      ),
    ]);
    const receivable = { ...version, sales: { revenue: 'receivable', sale: null } };
    expect(await checked(stage, { versions: [receivable], supplier })).toEqual([
      'error account-requires: Tripletex asks for customer on account 1500',
    ]);
    const invoices = { 'INV-1': { account: '1500', customer: '10077' } };
    expect(await checked(stage, { versions: [{ ...version, invoices }], supplier })).toEqual([
      expect.stringMatching(/^error line-refused: .*account 1500 with customer 10077: there is no customer/),
    ]);
  });

  test('dimensions, the VAT of fees, single ledgers, and what an earlier version posts', async () => {
    await using stage = await openDeliveryBench();
    const supplier = { payable: '2990', topUpContra: '2990' };
    const ledgers = { '302400': { accounts: { clearing: '1598' } } };
    const sales = { sale: '25', dimensions: { department: '99' } };
    expect(await checked(stage, { versions: [{ ...version, accounts: supplier, ledgers, sales }] })).toEqual([
      'error account-missing: account 1598 is not in Tripletex',
      'error line-refused: Tripletex would refuse a line on account 3000 with VAT code 3, department 99: there is no department 99',
      'error line-refused: Tripletex would refuse a line on account 7770 with department 99: there is no department 99',
    ]);
    const fees = { vat: { kind: 'contained', code: '1', rateBasisPoints: 2500, account: '2710' } };
    const earlier = { ...version, accounts: { ...supplier, suspense: '2998' }, sales: { sale: '15' } };
    const later = { ...version, from: '2026-07-05', accounts: supplier, fees };
    const both = await checked(stage, { versions: [earlier, later] });
    expect(both).toContain('warning account-missing: account 2998 is not in Tripletex');
    expect(both.join()).not.toContain('3030');
    const odd = {
      ...earlier,
      vat: { '15': { rateBasisPoints: 1500, code: '31', account: '3999', vatAccount: '2701' } },
    };
    expect(await checked(stage, { versions: [odd, later] })).toContain(
      'warning account-missing: account 3999 is not in Tripletex',
    );
  });

  test('what Fiken’s journal does not hold', async () => {
    await using stage = await openDeliveryBench();
    const named = { versions: [version], supplier: { id: '20001', name: 'Vipps MobilePay AS' } };
    expect(await checked(stage, named, 'fiken')).toContainEqual(
      expect.stringContaining('account 2400 with supplier 20001: the line on account 2400 names a supplier'),
    );
  });
});

interface SidesOfAccount {
  readonly account: string;
  readonly name: string;
  readonly debit: number;
  readonly credit: number;
}

interface PlanOfAccounts {
  readonly items: readonly { readonly lines: readonly SidesOfAccount[]; readonly before: unknown }[];
  readonly toBeSent: readonly SidesOfAccount[];
}

describe.for(targets)('bilag plan %s', (name) => {
  test('lists what would be posted with date, key and sum, and writes nothing', async () => {
    await using stage = await connected(name);
    const before = contentsOf(stage.bench.path('delivery'));
    const { code, out } = await stage.run('plan', name);
    expect(code).toBe(0);
    expect(out).toMatch(/^new +2026-07-01 +302400-20260701\S* +1? ?\d+ ?\d*\.\d\d$/m);
    expect(out).toContain(`${tradingDays * partsOf[name]} new\n`);
    expect(contentsOf(stage.bench.path('delivery'))['kafe.sqlite']).toBe(before['kafe.sqlite']);
    expect(writesTo(stage)).toEqual([]);
    const json = firstOf(await stage.run('plan', name, '--from', '2026-07-02', '--to', '2026-07-03', '--json'));
    expect(json).toMatchObject({
      from: '2026-07-02',
      to: '2026-07-03',
      counts: { new: 2 * partsOf[name], unchanged: 0 },
    });
  });

  test('--lines shows the accounts of each voucher by name, with VAT and sums, and what would be sent in all', async () => {
    await using stage = await connected(name);
    const { out } = await stage.run('plan', name, '--lines', '--to', '2026-07-01');
    const amounts = String.raw`[\d ]+\.\d\d`;
    expect(out).toMatch(new RegExp(`^new  2026-07-01  302400-20260701\\S*  ${amounts}$`, 'm'));
    expect(out).toMatch(/^ {4}Account {2}Name +VAT code +Debit +Credit$/m);
    expect(out).toMatch(new RegExp(`^ {4}3000 +Salg 25 % +3 \\(25 %\\) +${amounts}$`, 'm'));
    expect(out).toMatch(new RegExp(`^ {4}2700 +Merverdiavgift 25 % +${amounts}$`, 'm'));
    expect(out).toMatch(new RegExp(`^ {4} +Sum +(${amounts}) +\\1$`, 'm'));
    expect(out).toMatch(/^to be sent, by account \(NOK\):\nAccount {2}Name +Debit +Credit +Net$/m);
    expect(out).toMatch(new RegExp(`^1579 +Vipps MobilePay, til gode +(${amounts}) +\\1 +0\\.00$`, 'm'));
    expect(out).toMatch(new RegExp(`^ +Sum +(${amounts}) +\\1 +0\\.00$`, 'm'));
  });

  test('--json has the same, and what is sent is the sum of the vouchers', async () => {
    await using stage = await connected(name);
    const { items, toBeSent } = firstOf(await stage.run('plan', name, '--json')) as unknown as PlanOfAccounts;
    const sent = new Map(toBeSent.map(({ account, debit, credit }) => [account, [debit, credit]]));
    const lines = items.flatMap((item) => item.lines);
    const summed = Map.groupBy(lines, ({ account }) => account);
    const sumOf = (side: 'debit' | 'credit', of: readonly SidesOfAccount[]): number =>
      of.reduce((total, line) => total + line[side], 0);
    expect(items).toHaveLength(tradingDays * partsOf[name]);
    for (const item of items) {
      expect(item.before).toBeNull();
      expect(sumOf('debit', item.lines)).toBe(sumOf('credit', item.lines));
    }
    expect(sent).toEqual(
      new Map([...summed].map(([account, of]) => [account, [sumOf('debit', of), sumOf('credit', of)]])),
    );
  });

  test('a wrong opening is told once, with the dates it holds for', async () => {
    await using stage = await connected(name);
    stage.configure({ policy: { ...plainPolicy, openings: { '302400': { funds: 100 } } } });
    const { code, out } = await stage.run('plan', name);
    expect(code).toBe(3);
    expect(out.match(/^(?:error|warning) +\S+/gm)).toEqual(['error    opening-differs:', 'warning  voucher-blocked:']);
    expect(out.match(/^held: .*$/gm)).toEqual([
      expect.stringMatching(
        /^held: ledger 302400, 2026-07-01 to 2026-07-07 \(7 dates\): the ledger's funds start at 0.00/,
      ),
    ]);
  });

  test('a date that is still open is not planned, and is told', async () => {
    await using stage = await connected(name);
    await stage.run('fetch');
    const { code, out } = await stage.run('plan', name);
    expect(code).toBe(0);
    expect(out).toContain('1 open date (2026-07-08): not delivered before the provider closes it');
    expect(out).toContain(`${tradingDays * partsOf[name]} new\n`);
  });

  test('before anything is connected it says how to begin', async () => {
    await using stage = await openDeliveryBench();
    const { code, messages } = await stage.run('plan', name);
    expect(code).toBe(2);
    expect(messages).toContain(`run bilag connect ${name} first`);
    expect(existsSync(stage.bench.path('delivery', 'kafe.sqlite'))).toBe(false);
  });

  test('keys of another company are refused, whatever it is called', async () => {
    await using stage = await connected(name);
    const database = new DatabaseSync(stage.bench.path('delivery', 'kafe.sqlite'));
    database.exec("UPDATE company SET target_company_id = 'another'");
    database.close();
    for (const command of ['plan', 'apply', 'verify']) {
      const { code, messages } = await stage.run(command, name);
      expect({ command, code }).toEqual({ command, code: 3 });
      expect(messages).toContain('was connected to company another');
    }
    expect(writesTo(stage)).toEqual([]);
  });
});

describe.for(targets)('bilag apply %s', (name) => {
  test('posts each voucher once, in order, with its source data, and then there is nothing to do', async () => {
    await using stage = await connected(name);
    const run = firstOf(await stage.run('apply', name, '--json'));
    const outcomes = run['outcomes'] as unknown as readonly { readonly state: string; readonly reference: string }[];
    expect(run).toMatchObject({ end: 'done', stoppedBy: null });
    expect(outcomes.map(({ state }) => state)).toEqual(Array(tradingDays * partsOf[name]).fill('posted'));
    expect(outcomes.map(({ reference }) => reference)).toEqual(outcomes.map(({ reference }) => reference).toSorted());
    expect(heldIn(stage, name)).toBe(tradingDays * partsOf[name]);
    const files =
      name === 'fiken'
        ? stage.fiken.company().books.sales.map((sale) => sale.files.length)
        : stage.tripletex.backDoor
            .company()
            .vouchers()
            .map(({ attachment }) => attachment?.uploads.length ?? 0);
    expect(files).toEqual(files.map(() => 1));

    const again = await stage.run('apply', name, '--json');
    expect(again.code).toBe(0);
    expect(firstOf(again)).toMatchObject({ end: 'nothing', outcomes: [] });
    expect(heldIn(stage, name)).toBe(tradingDays * partsOf[name]);
  });

  test('--dry-run shows the plan and posts nothing', async () => {
    await using stage = await connected(name);
    const { code, out } = await stage.run('apply', name, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain(`${tradingDays * partsOf[name]} new\n`);
    expect(writesTo(stage)).toEqual([]);
  });

  test('on a terminal it asks first, and no means no', async () => {
    await using stage = await connected(name);
    const no = await stage.runIn(terminal('no'), 'apply', name);
    expect(no).toMatchObject({ code: 0, out: expect.stringContaining('nothing was posted') as string });
    expect(no.messages).toContain(`post ${tradingDays * partsOf[name]} vouchers? (yes/no)`);
    expect(writesTo(stage)).toEqual([]);
    expect((await stage.runIn(terminal('yes'), 'apply', name)).code).toBe(0);
    expect(heldIn(stage, name)).toBe(tradingDays * partsOf[name]);
  });

  test('a reply that is lost after the write does not make a second one', async () => {
    await using stage = await connected(name);
    armLostReply(stage, name);
    const { code, out } = await stage.run('apply', name);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('posted, was there') as string });
    expect(heldIn(stage, name)).toBe(tradingDays * partsOf[name]);
  });

  test('another grouping, other texts or other accounts never post what is posted again', async () => {
    await using stage = await posted(name);
    const held = heldIn(stage, name);
    const version = plainPolicy.versions[0] as object;
    for (const change of [
      { grouping: 'entry' },
      { grouping: 'payout' },
      { language: 'en' },
      { lines: 'entry' },
      { sales: { sale: '0' } },
    ]) {
      stage.configure({ policy: { versions: [{ ...version, ...change } as never] } });
      const { code, out } = await stage.run('apply', name, '--json');
      expect({ change, code }).toEqual({ change, code: 0 });
      expect(firstOf({ out, code: 0, messages: '' })).toMatchObject({ end: 'nothing', outcomes: [] });
      expect(heldIn(stage, name)).toBe(held);
    }
  });

  test('a policy to be followed anew reverses and re-books, and only as many as are allowed', async () => {
    await using stage = await posted(name);
    const held = heldIn(stage, name);
    stage.configure({ policy: { versions: [{ ...plainPolicy.versions[0], sales: { sale: '0' } } as never] } });
    const planned = await stage.run('plan', name, '--rebook', '--lines', '--to', '2026-07-01');
    expect(planned.out).toMatch(/^ {4}Account {2}Name +VAT code +In the books +Booked now +Difference$/m);
    expect(planned.out).toMatch(/^ {4}2700 +Merverdiavgift 25 % +-(\S+) +0\.00 +\1$/m);
    expect(planned.out).toMatch(/^ {4}3000 +Salg 25 % +3 \(25 %\) +-(\d[\d ]*\.\d\d) +0\.00 +\1$/m);
    expect(planned.out).toMatch(/^ {4}3100 +Salg \(fritatt, 0 %\) +5 \(0 %\) +0\.00 +-(\d[\d ]*\.\d\d) +-\1$/m);
    expect(planned.out).toMatch(/^ {4} +Sum +0\.00 +0\.00 +0\.00$/m);
    // What is sent takes the old voucher back, too.
    expect(planned.out).toMatch(/^2700 +Merverdiavgift 25 % +(\S+) +\1$/m);
    const refused = await stage.run('apply', name, '--rebook');
    expect(refused.code).toBe(3);
    expect(refused.messages).toContain(
      `${tradingDays} posted vouchers would be reversed and booked again, and 0 may be`,
    );
    expect(heldIn(stage, name)).toBe(held);
    const done = await stage.run('apply', name, '--rebook', '--max-reversals', String(tradingDays));
    expect(done).toMatchObject({ code: 0, messages: '' });
    expect(done.out).toContain('.R2');
    expect(heldIn(stage, name)).toBe(held + 2 * tradingDays);
    expect((await stage.run('verify', name)).code).toBe(0);
  });
});

/** The third voucher is written, and its reply gets lost. */
function armLostReply({ tripletex, fiken }: DeliveryBench, name: TargetName): void {
  const fault = { kind: 'cut', strikes: 'after', skip: 2 } as const;
  if (name === 'tripletex') tripletex.faults.arm({ ...fault, match: isVoucherPost });
  else fiken.faults.arm({ ...fault, match: isVoucherPost });
}

function isVoucherPost({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && /\/(?:ledger\/voucher|generalJournalEntries|sales)$/.test(path);
}

describe.for(targets)('bilag verify, undo and status of %s', (name) => {
  test('a voucher that somebody deleted is found, and needs a person', async () => {
    await using stage = await posted(name);
    expect(await stage.run('verify', name)).toMatchObject({
      code: 0,
      out: expect.stringContaining('no findings') as string,
    });
    deleteOne(stage, name);
    // Before the target had the time it declares, it might only not show it yet.
    await stage.time.sleep(15 * 60_000);
    const { code, out } = await stage.run('verify', name);
    expect(code).toBe(3);
    expect(out).toMatch(/error {4}voucher-(?:deleted|reversed): /);
  });

  test('undo asks first and takes back what it is told; apply posts it again when it is released', async () => {
    await using stage = await posted(name);
    const range = ['--from', '2026-07-01', '--to', '2026-07-02'] as const;
    const unasked = await stage.run('undo', name, ...range);
    expect(unasked.code).toBe(2);
    expect(unasked.messages).toContain('nobody can be asked');
    expect((await stage.run('undo', name, ...range, '--dry-run')).out).toContain(
      `${2 * partsOf[name]} vouchers to reverse`,
    );
    expect((await stage.runIn(terminal('no'), 'undo', name, ...range)).out).toContain('nothing was reversed');
    expect(firstOf(await stage.run('status', '--json'))).toMatchObject({
      counts: { posted: tradingDays * partsOf[name] },
    });
    const done = await stage.runIn(terminal('yes'), 'undo', name, ...range);
    expect(done.code).toBe(0);
    expect(done.out).toContain('.U1');
    expect(done.out).toContain(`what is undone is held: bilag release ${name}`);
    expect((await stage.run('verify', name)).code).toBe(0);
    const standing = heldIn(stage, name);
    expect((await stage.run('apply', name)).out).toContain(`${2 * partsOf[name]} held`);
    expect(heldIn(stage, name)).toBe(standing);
    expect((await stage.run('release', name, ...range)).code).toBe(0);
    const again = await stage.run('apply', name);
    expect(again.out).toContain('302400-20260701');
    expect(again.out).toContain('.R2');
    expect((await stage.run('undo', name, ...range, '--run', 'x')).messages).toContain(
      'it is not clear what to take back',
    );
    expect((await stage.run('undo', name, '--voucher', 'unknown', '--yes')).messages).toContain(
      'the log does not know voucher unknown',
    );
    expect((await stage.run('undo', name, '--run', 'unknown', '--yes')).messages).toContain(
      'the log does not know run unknown',
    );
  });

  test('status tells what was posted, by which run, and that nobody is posting', async () => {
    await using stage = await posted(name);
    const { code, out } = await stage.run('status', name, '--list');
    expect(code).toBe(0);
    expect(out).toContain('nobody is posting now');
    expect(out).toContain(`${tradingDays * partsOf[name]} posted`);
    expect(out).toMatch(/^\d{8}T\d{6}Z-\w{8} +apply /m);
    const other = name === 'fiken' ? 'tripletex' : 'fiken';
    expect((await stage.run('status', other)).messages).toContain(`the log is of ${name}`);
  });

  test('a lost log is filled again from the target, and nothing is posted twice', async () => {
    await using stage = await posted(name);
    const held = heldIn(stage, name);
    stage.configure({ delivery: 'new-log/kafe.sqlite' });
    await stage.run('connect', name);
    const { code, out } = await stage.run('rebuild', name);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(`${held} vouchers found`) as string });
    expect(firstOf(await stage.run('apply', name, '--json'))).toMatchObject({ end: 'nothing' });
    expect(heldIn(stage, name)).toBe(held);
  });

  test('no key and no name stands in an output, a log or a column', async () => {
    await using stage = await posted(name);
    const said: string[] = [];
    for (const argv of [
      ['connect', name],
      ['plan', name, '--all', '--json'],
      ['verify', name, '--json'],
      ['status', '--list', '--json'],
    ]) {
      const { out, messages } = await stage.run(...argv);
      said.push(out, messages);
    }
    const log = ['', '-wal']
      .map((end) => stage.bench.path('delivery', `kafe.sqlite${end}`))
      .filter((path) => existsSync(path));
    const text = [...said, ...log.map((path) => readFileSync(path, 'latin1'))].join('\n');
    expect(text).toContain('302400-20260701');
    const secrets = Object.entries(stage.bench.env).filter(([variable]) => /TOKEN|SECRET|KEY/.test(variable));
    expect(secrets.length).toBeGreaterThan(4);
    expect(secrets.filter(([, secret]) => text.includes(secret)).map(([variable]) => variable)).toEqual([]);
    const orders = await ordersOf(stage);
    expect(orders.length).toBeGreaterThan(20);
    expect(orders.filter((order) => text.includes(order))).toEqual([]);
  });
});

/** The merchant's own order references, as the provider gave them: a customer's text may stand there. */
async function ordersOf({ bench }: DeliveryBench): Promise<readonly string[]> {
  const archive = await openArchive(bench.path('archive', 'kafe'));
  const orders = new Set<string>();
  for await (const { body } of archive.pages()) {
    for (const [, order = ''] of new TextDecoder().decode(body).matchAll(/"reference":\s*"([^"]+)"/g))
      orders.add(order);
  }
  await archive.close();
  return [...orders].filter((order) => /[a-z]/i.test(order));
}

function deleteOne({ tripletex, fiken }: DeliveryBench, name: TargetName): void {
  if (name === 'fiken') fiken.company().deletePosting(fiken.company().books.transactions[0]?.transactionId ?? 0);
  else tripletex.backDoor.company().delete(tripletex.backDoor.company().vouchers()[0]?.id ?? 0);
}

describe('a closed period', () => {
  test('blocks its vouchers, and a policy that says so moves them to the first open day', async () => {
    await using stage = await connected('tripletex');
    stage.tripletex.backDoor.company().closeThrough(plainDate('2026-07-31'));
    stage.time.ms = Date.parse('2026-08-05T10:00:00Z');
    const blocked = await stage.run('apply', 'tripletex');
    expect(blocked.code).toBe(3);
    const plan = await stage.run('plan', 'tripletex');
    expect(plan).toMatchObject({
      code: 3,
      out: expect.stringContaining('the books are closed through 2026-07-31') as string,
    });
    expect(heldIn(stage, 'tripletex')).toBe(0);
    expect((await stage.run('connect', 'tripletex')).out).toContain("lockedThrough: '2026-07-31'");

    stage.configure({ policy: { ...plainPolicy, lockedThrough: '2026-07-31' } });
    const moved = await stage.run('plan', 'tripletex');
    expect(moved.code).toBe(0);
    expect(moved.out).toMatch(/^new +2026-08-01 +302400-20260701/m);
    expect(moved.out).toContain('moved-from-locked-period');
    expect((await stage.run('apply', 'tripletex')).code).toBe(0);
    const held = stage.tripletex.backDoor.company().vouchers();
    expect(held.map(({ date }) => date)).toEqual(Array(tradingDays).fill('2026-08-01'));
    expect(held[0]?.description).toContain('2026-07-01');
  });
});

describe('targets of the other kind', () => {
  test('a service takes no files, and a file is not posted to', async () => {
    await using stage = await openDeliveryBench();
    const journal = { adapter: '@bilag/journal', config: { dialect: 'hledger' } };
    stage.configure({
      targets: { journal, fiken: { adapter: '@bilag/fiken', config: { credential: 'env:FIKEN', company: 'x' } } },
    });
    const exported = await stage.run('export', '--target', 'fiken', '--period', '2026-07');
    expect(exported).toMatchObject({ code: 2, messages: expect.stringContaining('use bilag apply fiken') as string });
    for (const command of ['connect', 'plan', 'apply', 'verify']) {
      const { code, messages } = await stage.run(command, 'journal');
      expect({ command, code }).toEqual({ command, code: 2 });
      expect(messages).toContain('use bilag export --target journal');
    }
  });
});

describe('keys in the encrypted file', () => {
  test('are put there from the environment, open with the passphrase alone, and are used', async () => {
    await using stage = await openDeliveryBench();
    stage.bench.env = { ...stage.bench.env, BILAG_PASSPHRASE: 'riktig hest batteri stift' };
    const put = await stage.run('keys', 'FIKEN');
    expect(put).toMatchObject({ code: 0, out: expect.stringContaining('file:FIKEN holds token') as string });
    const token = stage.bench.env['FIKEN_TOKEN'] ?? '';
    expect(readFileSync(stage.bench.path('credentials.age'), 'latin1')).not.toContain(token);
    delete stage.bench.env['FIKEN_TOKEN'];
    const config = {
      credential: 'file:FIKEN',
      company: 'kafe-eksempel-as',
      baseUrl: stage.fiken.baseUrl,
      accounts: { '1579': '1920:10002', '1920': '1920:10001', '2700': '2701' },
    };
    stage.configure({ targets: { fiken: { adapter: '@bilag/fiken', config } } });
    expect(await stage.run('connect', 'fiken')).toMatchObject({ code: 0, messages: '' });
    delete stage.bench.env['BILAG_PASSPHRASE'];
    const closed = await stage.run('plan', 'fiken');
    expect(closed).toMatchObject({
      code: 2,
      messages: expect.stringContaining('BILAG_PASSPHRASE is not set') as string,
    });
  });

  test('of the source open there as well, and one that is missing is named', async () => {
    await using stage = await openDeliveryBench();
    stage.bench.env = { ...stage.bench.env, BILAG_PASSPHRASE: 'riktig hest batteri stift' };
    expect(await stage.run('keys', 'VIPPS')).toMatchObject({ code: 0 });
    delete stage.bench.env['VIPPS_CLIENT_ID'];
    const source = { kind: 'vipps', keys: 'merchant', credentials: 'file:VIPPS', baseUrl: stage.vipps.url } as const;
    stage.configure({ source });
    expect(await stage.run('ledgers')).toMatchObject({ code: 0, out: expect.stringContaining('302400') as string });
    expect(await stage.run('keys', 'VIPPS')).toMatchObject({ code: 0 });
    expect(await stage.run('ledgers')).toMatchObject({
      code: 2,
      messages: expect.stringMatching(/clientId is not set\n.*the encrypted file/) as string,
    });
  });
});

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompanyInput } from '@bilag/cli';
import type { VippsSimulator } from '@bilag/simulator-vipps';
import {
  bilag,
  cafeConfig,
  clearBenches,
  contentsOf,
  createBench,
  endOf,
  keysOf,
  safTConfig,
  startBilag,
  startSimulator,
  type Bench,
} from './bench.ts';

let simulator: VippsSimulator;

beforeAll(async () => void (simulator = await startSimulator()));
afterAll(async () => {
  await simulator.close();
  clearBenches();
});

const week = ['--from', '2026-07-01', '--until', '2026-07-07'];

/** A café whose week is fetched and exported once: what is there must survive everything below. */
async function settledCafe(changes: Partial<CompanyInput> = {}): Promise<Bench> {
  const bench = createBench();
  bench.env = keysOf(simulator);
  bench.write('bilag.config.json', cafeConfig(simulator.url, changes));
  expect(await bench.run('fetch', '--to', '2026-07-07')).toMatchObject({ code: 0 });
  mkdirSync(bench.path('out'));
  writeFileSync(bench.path('out', 'previous.txt'), 'the previous output');
  return bench;
}

describe('keys and access', () => {
  test.each<[string, Record<string, string>, Partial<CompanyInput>, number, readonly string[]]>([
    [
      'a key that is not set',
      { VIPPS_CLIENT_SECRET: '', VIPPS_SUBSCRIPTION_KEY: '' },
      {},
      2,
      ['VIPPS_CLIENT_SECRET, VIPPS_SUBSCRIPTION_KEY are not set', 'env:VIPPS', 'portal.vippsmobilepay.com'],
    ],
    [
      "an accounting partner's two keys where the config says merchant",
      { VIPPS_SUBSCRIPTION_KEY: '', VIPPS_MERCHANT_SERIAL_NUMBER: '' },
      {},
      2,
      ['VIPPS_SUBSCRIPTION_KEY, VIPPS_MERCHANT_SERIAL_NUMBER are not set', "write keys: 'accounting-partner'"],
    ],
    [
      'a wrong key',
      { VIPPS_CLIENT_SECRET: 'mistyped-secret' },
      {},
      3,
      [
        'the merchant keys were refused',
        '/accesstoken/get',
        'check client id, client secret, subscription key and merchant serial number',
      ],
    ],
    [
      "somebody else's ledger",
      {},
      { source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS', ledgers: ['302500'] } },
      3,
      ['the keys cannot see ledger 302500', 'company kafe, source.ledgers', 'these keys see 302400'],
    ],
    [
      'a company that owns none of the ledgers',
      {},
      { organisationNumber: '111222333' },
      2,
      ['none of the ledgers that the keys can see is owned by 111222333', 'company kafe', 'mend organisationNumber'],
    ],
  ])('%s', async (_, env, changes, code, parts) => {
    const bench = createBench();
    bench.env = { ...keysOf(simulator), ...env };
    const config = cafeConfig(simulator.url, changes);
    bench.write('bilag.config.json', { ...config, source: { ...config.source, baseUrl: simulator.url } });
    const ran = await bench.run('fetch', '--to', '2026-07-01');
    expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' });
    for (const part of parts) expect(ran.messages).toContain(part);
    expect(ran.messages).not.toContain('mistyped-secret');
    expect(existsSync(bench.path('archive', 'kafe', 'pages'))).toBe(false);
  });

  test('a merchant that has given no access', async () => {
    await using closed = await startSimulator({
      credentials: {
        partner: { kind: 'accounting-partner', clientId: 'partner', clientSecret: 'secret-of-partner', ledgerIds: [] },
      },
    });
    const bench = createBench();
    bench.env = { VIPPS_CLIENT_ID: 'partner', VIPPS_CLIENT_SECRET: 'secret-of-partner' };
    const source = {
      kind: 'vipps',
      keys: 'accounting-partner',
      credentials: 'env:VIPPS',
      baseUrl: closed.url,
    } as const;
    bench.write('bilag.config.json', cafeConfig(closed.url, { source }));
    const { code, messages } = await bench.run('fetch');
    expect(code).toBe(3);
    expect(messages).toContain('the keys can see no ledger: that means no access, not no sales');
    expect(messages).toContain('Accounting partners');
    expect(await bench.run('ledgers')).toMatchObject({
      code: 3,
      out: expect.stringContaining('none: the keys have no access') as string,
    });
  });

  test('403 on the way: what was fetched before stays, and the run can be gone on with', async () => {
    await using refusing = await startSimulator();
    // Dates are asked for ahead of their turn: what is refused is one of them, and not what comes after so many requests.
    refusing.faults.arm({
      kind: 'status',
      status: 403,
      times: Number.POSITIVE_INFINITY,
      match: ({ path }) => path.includes('2026-07-03'),
    });
    const bench = createBench();
    bench.env = keysOf(refusing);
    bench.write('bilag.config.json', cafeConfig(refusing.url));
    const refused = await bench.run('fetch', '--to', '2026-07-07', '--json');
    expect(refused.code).toBe(3);
    expect(refused.messages).toContain('the keys may not read this');
    expect(JSON.parse(refused.out)).toMatchObject({
      companies: [{ ledgers: [{ failures: [{ date: '2026-07-03', error: { kind: 'forbidden' } }] }] }],
    });
    await refusing.faults.disarmAll();
    const { out } = await bench.run('fetch', '--to', '2026-07-07');
    expect(out).toMatch(/302400 +NOK +2026-07-03 to 2026-07-07 +5 /);
  });
});

describe('policy and config', () => {
  const policy = (version: object): Partial<CompanyInput> => ({
    policy: { versions: [{ from: '2026-07-01', market: 'NO', ...version }] } as unknown as CompanyInput['policy'],
  });

  test.each<[string, object, readonly string[]]>([
    [
      'no VAT for the sales',
      policy({ sales: {} }),
      ['sale is missing: name the VAT treatment of these sales', ', company kafe, policy.versions.0.sales.sale'],
    ],
    [
      'a VAT treatment that is not there',
      policy({ sales: { sale: '24' } }),
      ['there is no VAT treatment "24"', 'policy.versions.0.sales.sale'],
    ],
    [
      'two mirrored accounts that are the same',
      policy({ sales: { sale: '25' }, accounts: { bank: '1579' } }),
      ['must differ', 'company kafe'],
    ],
    ['a word that is not in the vocabulary', { colour: 'blue' }, ['colour', 'bilag.config.json:', ', company kafe']],
    ['no country', { country: undefined }, ['company kafe, country']],
    [
      'a secret in the config',
      { source: { kind: 'vipps', keys: 'merchant', credentials: { clientId: 'a', clientSecret: 'hunter2' } } },
      ['the config holds a key itself', 'source.credentials', "write credentials: 'env:VIPPS'"],
    ],
    [
      'a secret in place of a reference',
      { source: { kind: 'vipps', keys: 'merchant', credentials: 'hunter2' } },
      ['refer to the keys, such as env:VIPPS', 'source.credentials'],
    ],
    [
      'keys over plain http',
      { source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS', baseUrl: 'http://api.example.test' } },
      ['plain http is for a server on this machine', 'source.baseUrl'],
    ],
  ])('%s', async (_, changes, parts) => {
    const bench = createBench();
    bench.write('bilag.config.json', { ...cafeConfig(simulator.url), ...changes });
    const { code, out, messages } = await bench.run('book');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const part of parts) expect(messages).toContain(part);
    expect(messages).not.toContain('hunter2');
    expect(messages).toMatch(/^error: .+\n {2}where: .+\n {2}action: .+\n$/);
  });

  test.each<[string, readonly string[], number, readonly string[]]>([
    ['no config', ['book'], 2, ['there is no config here', 'make one with bilag init']],
    ['a config that is not there', ['book', '--config', 'other.json'], 2, ['there is no such config', 'other.json']],
    ['an unknown command', ['bok'], 2, ["unknown command 'bok'"]],
    ['an unknown option', ['book', '--colour'], 2, ["unknown option '--colour'"]],
    ['nothing to check', ['check', 'absent.xml'], 2, ['there is no such file', 'absent.xml']],
    ['no such fault', ['simulate', '--fault', 'flood'], 2, ['there is no fault "flood"', 'choose of: 401']],
    [
      'a system without a simulator',
      ['simulate', 'acme'],
      2,
      ['no simulation of "acme"', 'choose of: vipps, tripletex'],
    ],
    ['a path for a system', ['simulate', '../x'], 2, ['there is no simulation of "../x"']],
    ['a fault of a system that has none', ['simulate', 'fiken', '--fault', '429'], 2, ['through its simulator']],
    ['no such port', ['simulate', '--port', '99999'], 2, ['"99999" is not a port']],
  ])('%s', async (_, argv, code, parts) => {
    const ran = await createBench().run(...argv);
    expect(ran).toMatchObject({ code, out: '' });
    for (const part of parts) expect(ran.messages).toContain(part);
  });

  test('a port that another server has', async () => {
    const ran = await createBench().run('simulate', '--port', new URL(simulator.url).port);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.messages).toContain('choose another port');
  });

  test('JSON that is none', async () => {
    const bench = createBench();
    bench.write('bilag.config.json', '{ "id": ');
    expect(await bench.run('book')).toMatchObject({
      code: 2,
      messages: expect.stringContaining('this is not JSON') as string,
    });
  });
});

describe('exports that must not be', () => {
  test.each<[string, Partial<CompanyInput>, readonly string[], number, readonly string[]]>([
    [
      'an unknown target',
      {},
      ['--target', 'fiken', ...week],
      2,
      ['there is no target "fiken"', 'choose one of: saf-t, journal'],
    ],
    ['no target', {}, ['--to', '2026-07-07', '--from', '2026-07-01'], 2, ['it is not said which target', '--target']],
    ['no period', {}, ['--target', 'journal'], 2, ['the period is not clear', 'give either --period 2026-07']],
    [
      'a range that ends before it begins',
      {},
      ['--target', 'journal', '--from', '2026-07-07', '--until', '2026-07-01'],
      2,
      ['the range ends (2026-07-01) before it begins (2026-07-07)'],
    ],
    [
      'a day that does not exist',
      {},
      ['--target', 'journal', '--from', '2026-06-31', '--until', '2026-07-01'],
      2,
      ['"2026-06-31" is not a date', '--from'],
    ],
    ['a period that is none', {}, ['--target', 'journal', '--period', '2026-Q5'], 2, ['"2026-Q5" is not a period']],
    [
      'a period before the cut-over',
      {},
      ['--target', 'journal', '--period', '2026-06'],
      2,
      ['before the cut-over 2026-07-01'],
    ],
    [
      'dates that were not fetched',
      {},
      ['--target', 'journal', '--period', '2026-07'],
      3,
      ['this date is not in the archive', '2026-07-08', 'run bilag fetch'],
    ],
    [
      'a moment that is none',
      {},
      ['--target', 'journal', ...week, '--created-at', 'yesterday'],
      2,
      ['"yesterday" is not a moment'],
    ],
    [
      'an account without a grouping code',
      { targets: { 'saf-t': { adapter: '@bilag/saf-t', config: { ...safTConfig, grouping: { accounts: {} } } } } },
      ['--target', 'saf-t', ...week],
      2,
      ['no grouping code for account', '2960', 'config.grouping.accounts'],
    ],
    [
      'a config the adapter does not take',
      { targets: { journal: { adapter: '@bilag/journal', config: { dialect: 'gnucash' } } } },
      ['--target', 'journal', ...week],
      2,
      ['company kafe, targets.journal.config.dialect'],
    ],
    [
      'an adapter that is not installed',
      { targets: { x: { adapter: '@nobody/nothing', config: {} } } },
      ['--target', 'x', ...week],
      2,
      ['the adapter package "@nobody/nothing" could not be loaded', 'npm install @nobody/nothing'],
    ],
    [
      'a package without an adapter',
      { targets: { x: { adapter: '@bilag/core', config: {} } } },
      ['--target', 'x', ...week],
      2,
      ['exports no adapter'],
    ],
  ])('%s', async (_, changes, argv, code, parts) => {
    const bench = await settledCafe(changes);
    const before = contentsOf(bench.folder);
    const ran = await bench.run('export', ...argv, '--out', 'out', '--replace');
    expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' });
    for (const part of parts) expect(ran.messages).toContain(part);
    expect(contentsOf(bench.path('out'))).toEqual({ 'previous.txt': before['out/previous.txt'] });
  });

  test('an open date stops the export', async () => {
    const evening = { now: () => new Date('2026-07-07T18:00:00Z') };
    await using early = await startSimulator(evening);
    const bench = createBench();
    bench.env = keysOf(early);
    bench.write('bilag.config.json', cafeConfig(early.url));
    await bench.runIn(evening, 'fetch');
    expect((await bench.run('book')).out).toContain('1 open date: a preview until the provider closes them');
    const { code, messages } = await bench.run('export', '--target', 'journal', ...week);
    expect(code).toBe(3);
    expect(messages).toContain('ledger 302400 is still open on 2026-07-07');
    expect(existsSync(bench.path('output'))).toBe(false);
  });

  test('a broken balance chain stops the export, and the preview says where', async () => {
    await using broken = await startSimulator({ faults: [{ kind: 'broken-chain', on: 'dates', times: 1 }] });
    const bench = createBench();
    bench.env = keysOf(broken);
    bench.write('bilag.config.json', cafeConfig(broken.url));
    expect((await bench.run('fetch', '--to', '2026-07-07')).code).toBe(0);
    const preview = await bench.run('book');
    expect(preview.code).toBe(1);
    expect(preview.out).toMatch(/^error +balance-arithmetic/m);
    const { code, messages } = await bench.run('export', '--target', 'journal', ...week);
    expect(code).toBe(3);
    expect(messages).toContain('ledger 302400, 2026-07-01');
    expect(existsSync(bench.path('output'))).toBe(false);
  });

  test('a cut-over whose opening is not what the provider says', async () => {
    const policy = {
      versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }],
      openings: { '302400': { funds: 100 } },
    } as const;
    const bench = await settledCafe({ policy });
    const { code, messages } = await bench.run('export', '--target', 'journal', ...week);
    expect(code).toBe(3);
    expect(messages).toContain("the ledger's funds start at 0.00 and the policy opens with 1.00");
    // One cause is one error, however many dates it holds for.
    const preview = await bench.run('book');
    expect(preview.code).toBe(1);
    expect(preview.out.match(/^error +\S+/gm)).toEqual(['error    opening-differs:']);
    expect(preview.out).toContain('where: ledger 302400, 2026-07-01 to 2026-07-07 (7 dates)');
    expect(preview.out).toContain('NOT PROVED: ledger 302400, clearing 1.00 ≠ funds 0.00');
  });
});

describe('the archive', () => {
  test('that was never made', async () => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    for (const argv of [['book'], ['export', '--target', 'journal', ...week]]) {
      const { code, messages } = await bench.run(...argv);
      expect(code).toBe(2);
      expect(messages).toContain('there is no archive');
      expect(messages).toContain('run bilag fetch or bilag import first');
    }
    expect(existsSync(bench.path('archive'))).toBe(false);
  });

  test('that does not have a ledger the config names', async () => {
    const bench = await settledCafe();
    const source = {
      kind: 'vipps',
      keys: 'merchant',
      credentials: 'env:VIPPS',
      ledgers: ['302400', '302401'],
    } as const;
    bench.write('bilag.config.json', cafeConfig(simulator.url, { source }));
    const { code, messages } = await bench.run('export', '--target', 'journal', ...week);
    expect(code).toBe(2);
    expect(messages).toContain('ledger 302401 is not in the archive');
  });

  test('of files that have nothing in the period', async () => {
    const bench = createBench();
    bench.write(
      'rows.json',
      '[{"transactionId":"1","transactionType":"capture","currency":"NOK","ledgerId":"302321","ledgerDate":"2026-07-01","ledgerAmount":9,"grossAmount":9,"fee":0}]',
    );
    const source = { kind: 'v1-files', files: ['rows.json'], settlement: 'net', amounts: 'major-decimals' } as const;
    bench.write('bilag.config.json', cafeConfig('', { source }));
    expect(await bench.run('export', '--target', 'journal', '--period', '2026-07')).toMatchObject({ code: 0 });
    const { code, messages } = await bench.run(
      'export',
      '--target',
      'journal',
      '--period',
      '2026-07-03',
      '--out',
      'third',
    );
    expect(code).toBe(2);
    expect(messages).toContain(
      'there is no ledger date from 2026-07-03 to 2026-07-03; the last there is is 2026-07-01',
    );
    expect(existsSync(bench.path('third'))).toBe(false);
  });

  test('of another company', async () => {
    const bench = await settledCafe({ archive: 'shared' });
    bench.write('bilag.config.json', cafeConfig(simulator.url, { id: 'other', archive: 'shared' }));
    const { code, messages } = await bench.run('fetch', '--to', '2026-07-07');
    expect(code).toBe(3);
    expect(messages).toContain('the archive belongs to company kafe, and this is company other');
  });

  test('with a damaged page', async () => {
    const bench = await settledCafe();
    const [page = ''] = globSync(bench.path('archive/kafe/pages/*/*.gz'));
    const bytes = readFileSync(page);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
    writeFileSync(page, bytes);
    const { code, messages } = await bench.run('export', '--target', 'journal', ...week, '--out', 'out');
    expect(code).toBe(1);
    expect(messages).toContain('a page of the archive is damaged');
    expect(messages).toContain(page);
    expect(messages).toContain('restore the file from a backup');
    expect(Object.keys(contentsOf(bench.path('out')))).toEqual(['previous.txt']);
  });

  test('with a damaged index', async () => {
    const bench = await settledCafe();
    writeFileSync(bench.path('archive/kafe/index.sqlite'), 'this is no database'.repeat(1000));
    const { code, messages } = await bench.run('book');
    expect(code).toBe(1);
    expect(messages).toContain('the index is damaged');
  });
});

describe('a range to fetch', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    [
      'that ends before it begins',
      ['--from', '2026-07-05', '--to', '2026-07-01'],
      ['the range ends (2026-07-01) before it begins (2026-07-05)'],
    ],
    ['that has not come yet', ['--to', '2026-12-24'], ['2026-12-24 has not come yet: today is 2026-07-08']],
    ['that begins tomorrow', ['--from', '2026-07-09'], ['before it begins (2026-07-09)']],
    [
      'of a ledger that is not the company’s',
      ['--ledger', '1'],
      ['the company has no ledger 1', 'choose one of: 302400'],
    ],
    ['of a company that is not there', ['--company', 'x'], ['the config has no company "x"']],
  ])('%s', async (_, argv, parts) => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const { code, messages } = await bench.run('fetch', ...argv);
    expect(code).toBe(2);
    for (const part of parts) expect(messages).toContain(part);
    expect(existsSync(bench.path('archive'))).toBe(false);
  });
});

/** An adapter that writes for ever, so that a run can be stopped in the middle of it. */
const endlessAdapter = `
  import { setTimeout as wait } from 'node:timers/promises';
  const schema = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
  const endless = {
    contract: 1, kind: 'file', id: 'endless', title: 'Endless', config: schema, vat: 'gross',
    async *render() {
      yield { name: 'journal.txt', mediaType: 'text/plain', content: (async function* () {
        for (;;) { yield 'x'.repeat(100_000); await wait(5); }
      })() };
    },
  };`;

describe('Ctrl-C and a full disk, in processes of their own', () => {
  async function endlessCafe(): Promise<Bench> {
    const bench = await settledCafe();
    const config = { ...cafeConfig(simulator.url), targets: {} };
    bench.write(
      'bilag.config.mjs',
      `${endlessAdapter}\nexport default { ...${JSON.stringify(config)}, targets: { endless: { adapter: endless } } };`,
    );
    writeFileSync(bench.path('out', 'journal.txt'), 'the previous journal');
    return bench;
  }

  test('Ctrl-C in the middle of an export leaves the previous output', async () => {
    const bench = await endlessCafe();
    const before = contentsOf(bench.path('out'));
    const child = startBilag(
      ['export', '-c', 'bilag.config.mjs', '--target', 'endless', ...week, '--out', 'out', '--replace'],
      { cwd: bench.folder },
    );
    const ended = endOf(child);
    // The export has begun to write when its staging folder holds something.
    while (
      !globSync(bench.path('out/.bilag-output/files/journal.txt')).some((file) => readFileSync(file).length > 200_000)
    ) {
      if (child.exitCode !== null) throw new Error((await ended).messages);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    const { code, out, messages } = await ended;
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(messages).toBe('interrupted: what was there before is untouched\n');
    expect(contentsOf(bench.path('out'))).toEqual(before);
  });

  test.skipIf(process.platform === 'win32')('a disk that is full leaves the previous output, and says so', async () => {
    const bench = await endlessCafe();
    const before = contentsOf(bench.path('out'));
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const command = `trap '' XFSZ; ulimit -f 2000; exec "$0" --conditions=@bilag/source "${main}" export -c bilag.config.mjs --target endless ${week.join(' ')} --out out --replace`;
    const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath], {
      cwd: bench.folder,
      encoding: 'utf8',
    });
    expect(stderr).toContain('larger than this disk or user may hold');
    expect(stderr).toContain('the previous output is untouched');
    expect(status).toBe(4);
    expect(contentsOf(bench.path('out'))).toEqual(before);
  });

  test('Ctrl-C in the middle of a fetch keeps what was fetched', async () => {
    await using slow = await startSimulator();
    slow.faults.arm({ kind: 'hang', match: ({ path }) => path.endsWith('/dates/2026-07-03') });
    const bench = createBench();
    bench.write('bilag.config.json', {
      ...cafeConfig(slow.url),
      policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }] },
    });
    const child = startBilag(['fetch', '--to', '2026-07-12'], { cwd: bench.folder, env: keysOf(slow) });
    const ended = endOf(child);
    // Eight dates are asked for ahead: the tenth is when the first two have come.
    while (!slow.requests.some(({ path }) => path.endsWith('/dates/2026-07-10'))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const { out } = await bench.run('book', '--to', '2026-07-02', '--json');
    expect(JSON.parse(out)).toMatchObject({ companies: [{ voucherCount: 2 }] });
  });

  test('a reader that goes away is no error', async () => {
    const bench = await settledCafe();
    const child = startBilag(['book', '--lines'], { cwd: bench.folder });
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });

  test('the simulator runs until it is stopped, and what it prints works as it stands', async () => {
    const bench = createBench();
    const child = startBilag(['simulate'], { cwd: bench.folder });
    let out = '';
    for await (const chunk of child.stdout ?? []) {
      out += String(chunk);
      if (out.includes('VIPPS_123402_MERCHANT_SERIAL_NUMBER=123402')) break;
    }
    expect(out).toContain("all ledgers, with keys: 'accounting-partner'");
    expect(out).toContain("A merchant's keys: ledger 302401 of organisation 987654314.");
    const shell = `${out.slice(0, out.lastIndexOf('export '))}\nenv -0`;
    const lines = spawnSync('sh', ['-c', shell], { encoding: 'utf8', env: {} }).stdout.split('\0');
    const env: Record<string, string> = Object.fromEntries(
      lines.flatMap((line) => (line.startsWith('VIPPS') ? [line.split('=', 2) as [string, string]] : [])),
    );
    for (const [credentials, keys] of [
      ['env:VIPPS_123401', 'merchant'],
      ['env:VIPPS', 'accounting-partner'],
    ] as const) {
      bench.write('bilag.config.json', cafeConfig('', { source: { kind: 'vipps', keys, credentials } }));
      expect(await bilag(['ledgers', '--json'], { cwd: bench.folder, env })).toMatchObject({
        code: 0,
        out: expect.stringContaining('302401') as string,
      });
      // Without the address these would go to production: they are recognised, and nothing is sent.
      const bare = Object.fromEntries(Object.entries(env).filter(([name]) => !name.endsWith('_BASE_URL')));
      const refused = await bilag(['ledgers'], { cwd: bench.folder, env: bare });
      expect(refused.code).toBe(2);
      expect(refused.messages).toContain('these are the keys of a simulator');
    }
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});

describe('a period', () => {
  test.each(['undo', 'release'])('%s takes dates, and says which to write', async (command) => {
    const { code, messages } = await createBench().run(command, '--period', '2026-Q3');
    expect(code).toBe(2);
    expect(messages).toContain('action: write --from 2026-07-01 --to 2026-09-30');
  });

  test.each([
    ['book'],
    ['fetch'],
    ['plan', 'journal'],
    ['apply', 'journal'],
    ['verify', 'journal'],
    ['bank', 'matches'],
  ])('%s %s is refused where it is none, and beside dates', async (...command) => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const none = await bench.run(...command, '--period', '2026-Q5');
    expect(none).toMatchObject({ code: 2, messages: expect.stringContaining('"2026-Q5" is not a period') as string });
    const both = await bench.run(...command, '--period', '2026-07', '--to', '2026-07-31');
    expect(both).toMatchObject({ code: 2, messages: expect.stringContaining('the dates are said twice') as string });
  });
});

describe('an option that takes one value, given twice', () => {
  test.each([
    ['a target', ['export', '--target', 'saf-t', '--target', 'journal', '--period', '2026-07']],
    ['a period', ['export', '--target', 'saf-t', '--period', '2026-07', '--period', '2026-08']],
    ['a company', ['book', '--company', 'kafe', '--company', 'kiosk']],
    ['a voucher', ['undo', 'tripletex', '--voucher', '302400-20260701', '--voucher=302400-20260702', '--yes']],
  ])('%s is refused: nobody would hear that the first was left out', async (_, args) => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const { code, messages } = await bench.run(...args);
    expect(code).toBe(2);
    expect(messages).toContain('is given twice; it takes one value');
    expect(globSync(bench.path('*'))).toEqual([bench.path('bilag.config.json')]);
  });
});

describe('files of rows', () => {
  const source = { kind: 'v1-files', files: ['rows.json'], settlement: 'gross', amounts: 'major-decimals' } as const;
  const row = {
    timestamp: null,
    transactionType: 'capture',
    ledgerAmount: 100,
    grossAmount: 100,
    fee: 0,
    ledgerId: '302321',
    ledgerDate: '2026-07-01',
    currency: 'NOK',
  };

  function benchWith(...items: readonly object[]): Bench {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig('', { source }));
    bench.write('rows.json', JSON.stringify({ cursor: '', items }));
    return bench;
  }

  test.each([['book'], ['export', '--target', 'journal', '--period', '2026-07']])(
    'kroner and Danish kroner are never added up: %s',
    async (...args) => {
      const bench = benchWith(
        { ...row, transactionId: '1' },
        { ...row, transactionId: '2', ledgerId: '302399', currency: 'DKK' },
      );
      const { code, out, messages } = await bench.run(...args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(messages).toContain("ledger 302399 is in DKK, and the company's books are in NOK");
      expect(messages).toContain('source.files');
    },
  );

  test('of which all is from before the cut-over hold nothing to book, and no fetch would help', async () => {
    const bench = benchWith({ ...row, transactionId: '1', ledgerDate: '2026-06-30' });
    const { code, messages } = await bench.run('book');
    expect(code).toBe(2);
    expect(messages).toContain('there is nothing to book yet');
    expect(messages).toContain('source.files in the config: they hold no entry from the cut-over 2026-07-01 on');
    expect((await bench.run('ledgers')).out).toContain('the files named in the config are the archive');
  });
});

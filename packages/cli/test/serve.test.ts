import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { bilag, clearBenches, createBench, startBilag, type Bench } from './bench.ts';

afterAll(clearBenches);

function company(id: string, clearing = '1579'): object {
  return {
    id,
    name: `${id} AS`,
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS' },
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, accounts: { clearing } }] },
  };
}

/** Two companies that nothing was fetched for. */
function officeBench(): Bench {
  const bench = createBench();
  bench.write('bilag.config.json', JSON.stringify([company('kafe'), company('butikk')]));
  return bench;
}

interface Told {
  readonly url: string;
  readonly link: string;
  readonly token: string;
}

describe('bilag serve', () => {
  test('opens the pages by a link, tells the next link when it was used, and stops at Ctrl-C', async () => {
    const bench = officeBench();
    const child = startBilag(['serve', '--port', '0', '--json', '--language', 'en'], { cwd: bench.folder });
    const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const { url, link } = JSON.parse(String(chunk)) as Told;
    expect(link.startsWith(`${url}/?token=`)).toBe(true);
    const told = once(child.stderr ?? child, 'data') as Promise<[Buffer]>;
    const came = await fetch(link, { redirect: 'manual' });
    const cookie = came.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(`${url}/en/overview`, { headers: { cookie } });
    expect(await page.text()).toContain('kafe AS');
    const [message] = await told;
    expect(String(message)).toMatch(/^the link was used; for another browser: http:\/\/127\.0\.0\.1:\d+\/\?token=/);
    expect(String(message)).not.toContain(new URL(link).search);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test.for([
    ['bilag.config.json', ''],
    ['bilag.config.mjs', 'export default '],
  ] as const)('shows and does what %s says now, and nothing by one that cannot be read', async ([name, before]) => {
    const bench = createBench();
    const configure = (...companies: readonly object[]): void =>
      bench.write(name, `${before}${JSON.stringify(companies)}`);
    configure(company('kafe'), company('butikk'));
    const child = startBilag(['serve', '--port', '0', '--json', '--language', 'en'], { cwd: bench.folder });
    const [chunk] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    const { url, token } = JSON.parse(String(chunk)) as Told;
    const shown = async (path: string): Promise<readonly [number, string]> => {
      const reply = await fetch(`${url}/en/${path}`, { headers: { authorization: `Bearer ${token}` } });
      return [reply.status, await reply.text()];
    };
    expect(await shown('c/kafe/settings')).toEqual([200, expect.stringContaining('1579')]);
    configure(company('kafe', '1571'), company('salong'));
    expect(await shown('c/kafe/settings')).toEqual([200, expect.stringContaining('1571')]);
    expect((await shown('c/salong/settings'))[0]).toBe(200);
    expect((await shown('c/butikk/settings'))[0]).toBe(404);
    bench.write(name, '[{');
    for (let times = 0; times < 2; times += 1)
      expect(await shown('c/kafe/settings')).toEqual([400, expect.stringContaining('mend the config')]);
    configure(company('kafe', '1572'));
    expect(await shown('c/kafe/settings')).toEqual([200, expect.stringContaining('1572')]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('ends with the process that started it', async () => {
    const bench = officeBench();
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const command = `"${process.execPath}" --conditions=@bilag/source "${main}" serve --port 0 --json & wait`;
    const shell = spawn('sh', ['-c', command], { cwd: bench.folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(shell.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(String(chunk)) as Told;
    expect((await fetch(url)).status).toBe(401);
    // The output is closed when the last process that has it is gone.
    const closed = once(shell.stdout.resume(), 'close');
    shell.kill('SIGKILL');
    await closed;
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test.each([
    ['an address that others reach', ['--host', '0.0.0.0'], 'ssh -L'],
    ['a language there is no page in', ['--language', 'de'], 'choose of: nb, da, sv, fi, en'],
    ['a permission that is none', ['--allow', 'everything'], 'choose of: decide, deliver'],
    ['no port', ['--port', '99999'], 'is not a port'],
    ['a company that is not there', ['--company', 'nobody'], 'has no company'],
  ])('refuses %s', async (_, options, told) => {
    const { code, messages } = await officeBench().run('serve', ...options);
    expect(code).toBe(2);
    expect(messages).toContain(told);
  });
});

describe('bilag report', () => {
  test('writes the pages as files that lead to each other and nowhere else, whole or not at all', async () => {
    const bench = officeBench();
    expect(await bilag(['report', 'out'], { cwd: bench.folder })).toMatchObject({ code: 0, messages: '' });
    const names = readdirSync(bench.path('out'));
    expect(names).toEqual(
      expect.arrayContaining(['index.html', 'style.css', 'kafe.overview.html', 'butikk.overview.html']),
    );
    for (const name of names.filter((each) => each.endsWith('.html'))) {
      const text = readFileSync(bench.path('out', name), 'utf8');
      const leads = [...text.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, to = '']) => to);
      expect(leads.filter((to) => !to.startsWith('#') && to !== 'data:,' && !names.includes(to))).toEqual([]);
      expect(text).not.toContain('<form');
      expect(text).not.toContain('<script');
    }
    const again = await bilag(['report', 'out'], { cwd: bench.folder });
    expect(again).toMatchObject({ code: 3, messages: expect.stringContaining('the file is there already') as string });
  });
});

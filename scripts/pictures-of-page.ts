/** Takes the pictures of the page that the README shows, of what the demo has made. Needs chromium. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pictures = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const bilag = [
  '--conditions=@bilag/source',
  fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url)),
] as const;
const folder = mkdtempSync(join(tmpdir(), 'bilag-pictures-'));
try {
  execFileSync(process.execPath, [...bilag, 'demo'], { cwd: folder, stdio: 'pipe' });
  const options = ['serve', '--json', '--port', '0', '-c', 'demo-output/bilag.config.json', '--company', 'kaffebaren'];
  const page = spawn(process.execPath, [...bilag, ...options], { cwd: folder });
  const [told] = (await once(page.stdout, 'data')) as [Buffer];
  const { url, link, token } = JSON.parse(String(told)) as Readonly<Record<'url' | 'link' | 'token', string>>;
  const read = async (path: string): Promise<string> =>
    (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).text();
  const [, payout = ''] =
    / href="(\/nb\/c\/kaffebaren\/payout\?[^"]*)"/.exec(await read('/nb/c/kaffebaren/payouts')) ?? [];
  let secret = new URL(link).searchParams.get('token') ?? '';
  for (const [name, address, height] of [
    ['page-overview', '/nb/c/kaffebaren/overview', 1050],
    ['page-payout', payout.replaceAll('&amp;', '&'), 1150],
    ['page-month', '/nb/c/kaffebaren/month', 1250],
  ] as const) {
    const file = join(pictures, `${name}.png`);
    const next = once(page.stderr, 'data') as Promise<[Buffer]>;
    const asked = new URL(address, url);
    asked.searchParams.set('token', secret);
    const browser = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--window-size=1180,${height}`,
    ];
    execFileSync('chromium', [...browser, `--screenshot=${file}`, asked.href], { stdio: 'pipe' });
    // Each link counts once; the next is told when one was used.
    secret = /token=([\w-]+)/.exec(String((await next)[0]))?.[1] ?? '';
    process.stdout.write(`${file}: ${statSync(file).size} bytes\n`);
  }
  page.kill('SIGINT');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

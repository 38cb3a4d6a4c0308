/**
 * Takes the picture of a proof that the documentation shows, from the page that the demo writes, and prints that page once, to see
 * that it can be printed. Needs chromium.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const picture = fileURLToPath(new URL('../docs/pictures/proof.png', import.meta.url));
const bilag = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bilag-picture-'));
try {
  execFileSync(process.execPath, ['--conditions=@bilag/source', bilag, 'demo'], { cwd: folder, stdio: 'pipe' });
  const page = `file://${join(folder, 'demo-output', 'kaffebaren', 'proof.html')}`;
  const printed = join(folder, 'proof.pdf');
  const browser = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'];
  execFileSync('chromium', [...browser, '--window-size=1000,1260', `--screenshot=${picture}`, page], { stdio: 'pipe' });
  execFileSync('chromium', [...browser, '--no-pdf-header-footer', `--print-to-pdf=${printed}`, page], {
    stdio: 'pipe',
  });
  process.stdout.write(`${picture}: ${statSync(picture).size} bytes; printed: ${statSync(printed).size} bytes\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAmount, type Amount } from '@bilag/core';
import type { JournalConfig } from '@bilag/journal';

type DialectName = JournalConfig['dialect'];

/** A posting as the program itself understood it. */
export interface ReadPosting {
  readonly date: string;
  readonly reference: string;
  readonly description: string;
  readonly account: string;
  readonly amount: Amount;
}

/** What a program says of a journal. */
export interface ProgramReading {
  readonly postings: readonly ReadPosting[];
  readonly balances: ReadonlyMap<string, Amount>;
}

/** The commands each dialect is read with. */
export const toolsOf: Readonly<Record<DialectName, readonly string[]>> = {
  hledger: ['hledger'],
  ledger: ['ledger'],
  beancount: ['bean-check', 'bean-query'],
};

/** Reads a journal with the program it is written for, in its strictest mode. Throws what the program complains of. */
export function readWith(dialect: DialectName, files: ReadonlyMap<string, string>, decimals = 2): ProgramReading {
  const folder = mkdtempSync(join(tmpdir(), 'bilag-journal-'));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const first = join(folder, files.keys().next().value ?? '');
    return readers[dialect](first, (text) => parseAmount(text.replace(/ ?[A-Z]{3}$/, ''), decimals));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Reader = (file: string, toAmount: (text: string) => Amount) => ProgramReading;

const readers: Readonly<Record<DialectName, Reader>> = {
  hledger(file, toAmount) {
    run('hledger', '-f', file, 'check', '--strict');
    const rows = csvRows(run('hledger', '-f', file, 'register', '-O', 'csv'));
    const balances = csvRows(run('hledger', '-f', file, 'balance', '--flat', '--empty', '--no-total', '-O', 'csv'));
    return {
      postings: rows.map(([, date = '', reference = '', description = '', account = '', amount = '']) => {
        return { date, reference, description, account, amount: toAmount(amount) };
      }),
      balances: new Map(balances.map(([account = '', amount = '']) => [account, toAmount(amount)])),
    };
  },
  ledger(file, toAmount) {
    // What ledger shows of an empty description is not ours.
    const posting = '%(format_date(date, "%Y-%m-%d"))\t%(code)\t%(payee)\t%(account)\t%(quantity(amount))\n';
    const rows = tabRows(run('ledger', '--pedantic', '-f', file, 'register', '--empty', '--format', posting));
    const balance = '%(account)\t%(quantity(display_total))\n';
    const balances = run('ledger', '-f', file, 'balance', '--flat', '--empty', '--no-total', '--format', balance);
    return {
      postings: rows.map(([date = '', reference = '', payee = '', account = '', amount = '']) => {
        const description = payee === '<Unspecified payee>' ? '' : payee;
        return { date, reference, description, account, amount: toAmount(amount) };
      }),
      balances: new Map(tabRows(balances).map(([account = '', amount = '']) => [account, toAmount(amount)])),
    };
  },
  beancount(file, toAmount) {
    run('bean-check', file);
    const query = (text: string): string[][] => csvRows(run('bean-query', '-f', 'csv', file, text));
    const rows = query('SELECT date, links, narration, account, number');
    const balances = query('SELECT account, sum(number) GROUP BY account');
    return {
      postings: rows.map(([date = '', reference = '', description = '', account = '', amount = '']) => {
        return { date, reference, description, account, amount: toAmount(amount) };
      }),
      balances: new Map(balances.map(([account = '', amount = '']) => [account, toAmount(amount)])),
    };
  },
};

/** Runs a program on nobody's settings; its complaints go into the error. */
function run(program: string, ...parameters: string[]): string {
  const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const options = { encoding: 'utf8', env: environment, maxBuffer: 1e9 } as const;
  const { status, stdout, stderr } = spawnSync(program, parameters, options);
  if (status !== 0 || stderr !== '') throw new Error(`${program} complains: ${(stderr + stdout).slice(0, 1_000)}`);
  return stdout;
}

function tabRows(text: string): string[][] {
  return lines(text).map((line) => line.split('\t'));
}

/** Rows below the heading. None of the programs is asked for a text that could hold a line break. */
function csvRows(text: string): string[][] {
  return lines(text)
    .slice(1)
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell.trim(),
      ),
    );
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

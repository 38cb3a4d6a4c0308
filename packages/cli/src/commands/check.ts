import { BilagError, type FileAdapter, type Finding, quotedName } from '@bilag/core';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { countFindings } from '../output/books-tables.ts';
import { toFindingLines } from '../output/messages.ts';
import type { AddCommand } from '../add-command.ts';
import type { World } from '../world.ts';
import { knownAdapters, type KnownAdapter } from './adapters.ts';

/** `bilag check`: an adapter's own checker on any file, also one that another system wrote. */
export const addCheckCommand: AddCommand = (program, session, ended) => {
  program
    .command('check')
    .description('check files, also those of other systems, and say what is wrong with them')
    .argument('<file...>', 'the files')
    .option(
      '--with <adapter>',
      'whose checker, by id or by the name of a target (default: by the end of the file name)',
    )
    .option('-c, --config <file>', 'the config with more adapters')
    .action(async (files: readonly string[], options: { readonly with?: string; readonly config?: string }) => {
      const { world, out, json, progress } = session;
      const checkers = checkersOf(await knownAdapters(world, options.config), options.with);
      const checks = files.map((file) => ({ file, check: checkerFor(file, checkers) }));
      const results: { file: string; findings: readonly Finding[] }[] = [];
      for (const { file, check } of checks) {
        progress.show(`checking ${file}`);
        const findings = await Array.fromAsync(check({ name: basename(file), content: await contentOf(file, world) }));
        progress.clear();
        results.push({ file, findings });
        if (json) continue;
        await out.line(`${file}: ${countFindings(findings)}`);
        await out.write(toFindingLines(findings));
      }
      if (json) await out.json({ files: results });
      const isWrong = results.some(({ findings }) => findings.some(({ severity }) => severity === 'error'));
      ended(isWrong ? exitCodes.findings : exitCodes.done);
    });
};

type Check = NonNullable<FileAdapter['check']>;

interface Checker {
  readonly id: string;
  readonly check: Check;
  /** The ends of the names of its files; any where there are none. */
  readonly extensions: readonly string[];
}

/** Those that can check, or the one that is named. */
function checkersOf(known: readonly KnownAdapter[], name: string | undefined): readonly Checker[] {
  const able = known.flatMap(({ adapter, targets }) => {
    if (adapter.kind !== 'file' || adapter.check === undefined) return [];
    const { id, checkedExtensions: extensions = [''] } = adapter;
    return [{ id, targets, extensions, check: adapter.check.bind(adapter) }];
  });
  if (name === undefined) return able;
  const named = able.filter(({ id, targets }) => id === name || targets.includes(name));
  if (named.length !== 1) throw unclear(`no adapter ${quotedName(name)} can check`, able);
  return named;
}

function checkerFor(file: string, checkers: readonly Checker[]): Check {
  const lower = file.toLowerCase();
  const fitting = checkers.filter(({ extensions }) => extensions.some((end) => lower.endsWith(end)));
  const [first] = checkers.length === 1 ? checkers : fitting;
  if (first !== undefined && (checkers.length === 1 || fitting.length === 1)) return first.check;
  throw unclear(`${fitting.length || checkers.length} adapters can check ${basename(file)}`, checkers);
}

function unclear(what: string, checkers: readonly Checker[]): BilagError {
  const now = `choose one of: ${checkers.map(({ id }) => id).join(', ')}`;
  return new BilagError('config', { what, where: '--with', now });
}

async function contentOf(file: string, { cwd, signal }: World): Promise<AsyncIterable<Uint8Array>> {
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return createReadStream(path, { signal });
  throw new BilagError('not-found', {
    what: found === undefined ? 'there is no such file' : 'this is not a file',
    where: file,
    now: 'look at the path',
  });
}

import { BilagError, type FileAdapter, type Finding } from '@bilag/core';
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
    .option('--with <adapter>', 'whose checker, by id or by the name of a target (default: the only one there is)')
    .option('-c, --config <file>', 'the config with more adapters')
    .action(async (files: readonly string[], options: { readonly with?: string; readonly config?: string }) => {
      const { world, out, json, progress } = session;
      const check = checkerOf(await knownAdapters(world, options.config), options.with);
      const results: { file: string; findings: readonly Finding[] }[] = [];
      for (const file of files) {
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

function checkerOf(known: readonly KnownAdapter[], name: string | undefined): NonNullable<FileAdapter['check']> {
  const able = known.flatMap(({ adapter, targets }) =>
    adapter.kind === 'file' && adapter.check !== undefined
      ? [{ adapter, targets, check: adapter.check.bind(adapter) }]
      : [],
  );
  const fitting =
    name === undefined ? able : able.filter(({ adapter, targets }) => adapter.id === name || targets.includes(name));
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first.check;
  throw new BilagError('config', {
    what: name === undefined ? `${able.length} adapters can check` : `no adapter "${name}" can check`,
    where: '--with',
    now: `choose one of: ${able.map(({ adapter }) => adapter.id).join(', ')}`,
  });
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

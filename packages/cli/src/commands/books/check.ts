import { type Checker, checkFiles, type ChosenFile, refuseContainer } from '@bilag/company/files';
import { BilagError, quotedName } from '@bilag/core';
import { basename } from 'node:path';
import { exitCodes } from '../../program/exit-codes.ts';
import { countFindings } from '../../output/books-tables.ts';
import { toFindingLines } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { World } from '../../world.ts';
import { builtInFilePackages } from '../../built-in.ts';
import { knownAdapters, type KnownAdapter } from '../adapters.ts';

/** `bilag check`: an adapter's own checker on any file, also one that another system wrote. */
export const addCheckCommand: AddCommand = (command, session, ended) => {
  command
    .argument('<file...>', 'the files')
    .option(
      '--with <adapter>',
      'whose checker, by id or by the name of a target (default: by the end of the file name)',
    )
    .option('-c, --config <file>', 'the config with more adapters')
    .action(async (files: readonly string[], options: { readonly with?: string; readonly config?: string }) => {
      const { world, out, json, progress } = session;
      const checkers = checkersOf(await knownAdapters(world, options.config, builtInFilePackages), options.with);
      const chosen: ChosenFile[] = [];
      for (const file of files) chosen.push({ file, checker: await checkerFor(file, checkers, world) });
      const results = await checkFiles(chosen, world, (file) => progress.show(`checking ${file}`));
      progress.clear();
      if (json) await out.json(results);
      else {
        for (const { file, findings } of results.files) {
          await out.line(`${file}: ${countFindings(findings)}`);
          await out.write(toFindingLines(findings));
        }
        for (const { files: together, findings } of results.sets) {
          await out.line(`${together.length} files as a set: ${countFindings(findings)}`);
          await out.write(toFindingLines(findings));
        }
      }
      const all = [...results.files, ...results.sets].flatMap(({ findings }) => findings);
      ended(all.some(({ severity }) => severity === 'error') ? exitCodes.findings : exitCodes.done);
    });
};

/** Those that can check, or the one that is named. */
function checkersOf(known: readonly KnownAdapter[], name: string | undefined): readonly Checker[] {
  const able = known.flatMap(({ adapter, targets }) => {
    if (adapter.kind !== 'file' || adapter.check === undefined) return [];
    const { id, checkedExtensions: extensions = [''], partCode } = adapter;
    const check = adapter.check.bind(adapter);
    return [{ id, targets, extensions, partCode, check, checkSet: adapter.checkSet?.bind(adapter) }];
  });
  if (name === undefined) return able;
  const named = able.filter(({ id, targets }) => id === name || targets.includes(name));
  if (named.length !== 1) throw unclear(`no adapter ${quotedName(name)} can check`, able);
  return named;
}

async function checkerFor(file: string, checkers: readonly Checker[], world: World): Promise<Checker> {
  const lower = file.toLowerCase();
  const fitting = checkers.filter(({ extensions }) => extensions.some((end) => lower.endsWith(end)));
  const [first] = checkers.length === 1 ? checkers : fitting;
  // What it is matters more than whose it could be.
  await refuseContainer(file, world);
  if (first !== undefined && (checkers.length === 1 || fitting.length === 1)) return first;
  throw unclear(`${fitting.length || checkers.length} adapters can check ${quotedName(basename(file))}`, checkers);
}

function unclear(what: string, checkers: readonly Checker[]): BilagError {
  const action = `choose one of: ${checkers.map(({ id }) => id).join(', ')}`;
  return new BilagError('config', { what, where: '--with', action });
}

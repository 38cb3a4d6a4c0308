import { BilagError } from '@bilag/core';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes } from '../program/exit-codes.ts';
import { runOracle, type OracleResult } from '../oracle/run-oracle.ts';
import type { AddCommand } from '../program/add-command.ts';

/** `bilag oracle`: worked bookkeeping cases against this build. */
export const addOracleCommand: AddCommand = (command, session, ended) => {
  command
    .argument('<file...>', 'files in the format vipps-bookkeeping-oracle/1')
    .action(async (files: readonly string[]) => {
      const { world, out, json } = session;
      const results: (OracleResult & { readonly file: string })[] = [];
      // Every file is read before the first line is written: a wrong one is a mistake in the arguments.
      for (const file of files) {
        const text = await readFile(resolve(world.cwd, file), 'utf8').catch((cause: unknown) => {
          throw new BilagError(
            'config',
            { what: 'the file cannot be read', where: file, action: 'look at the path' },
            { cause },
          );
        });
        world.signal.throwIfAborted();
        results.push(...(await runOracle(text, file)).map((result) => ({ file, ...result })));
      }
      const failed = results.filter(({ differences }) => differences.length > 0);
      const passed = results.length - failed.length;
      if (json) await out.json({ passed, failed: failed.length, results });
      else {
        for (const { id, variant, differences } of failed)
          await out.line(`${id} ${variant}: ${differences.join('; ')}`);
        await out.line(`${passed} passed, ${failed.length} failed`);
      }
      ended(failed.length === 0 ? exitCodes.done : exitCodes.findings);
    });
};

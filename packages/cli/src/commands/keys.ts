import { credentialsFor } from '@bilag/company';
import { loadConfig } from '../config.ts';
import { BilagError } from '@bilag/core';
import { exitCodes } from '../program/exit-codes.ts';
import type { AddCommand } from '../program/add-command.ts';
import { addCompanyOptions, type CompanyOptions } from './with-companies.ts';

/** `bilag keys`: moves keys from the environment into the encrypted file. Keys are never arguments: others see those. */
export const addKeysCommand: AddCommand = (command, session, ended) => {
  command.argument('<name>', 'the name: FIKEN copies every variable that begins with FIKEN_');
  addCompanyOptions(command).action(async (name: string, options: CompanyOptions) => {
    const { world, out, json } = session;
    const config = await loadConfig({ cwd: world.cwd, file: options.config, env: world.env });
    for await (const company of config.companies()) {
      if (options.company !== undefined && company.id !== options.company) continue;
      const store = credentialsFor(company, world.env);
      const secrets = await store.get(`env:${name}`);
      await store.put?.(`file:${name}`, secrets);
      const { path } = company.credentialFile;
      const names = Object.keys(secrets).toSorted();
      if (json) await out.json({ reference: `file:${name}`, path, names });
      else await out.line(`${path}: file:${name} holds ${names.join(', ')}`);
      ended(exitCodes.done);
      return;
    }
    throw new BilagError('config', {
      what: 'the config has no such company',
      where: config.file,
      action: 'look at the ids in the config; nothing was done',
    });
  });
};

import type { Company, LoadedConfig } from '@bilag/company';
import { BilagError, languages, quotedName, type Language } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
import type { Office } from '@bilag/web';
import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { surroundingsOf, type Session } from '../../session.ts';
import { addOfficeOptions, type OfficeOptions } from '../office/with-office.ts';

/** Which companies are shown, and how. */
export interface PageCommandOptions extends OfficeOptions {
  readonly company?: string;
  readonly language: string;
  readonly personal?: boolean;
}

export function addPageOptions(command: Command): Command {
  return addOfficeOptions(command)
    .option('--company <id>', 'this company alone')
    .option('--language <language>', `of the pages: ${languages.join(', ')}`, 'nb')
    .option('--personal', 'show names and messages of payers, which are hidden otherwise');
}

/** The companies of a config as the pages show them; those that are wrong are told there. */
export async function withPageOffice<Result>(
  session: Session,
  { company: wanted }: PageCommandOptions,
  { config, store }: { readonly config: LoadedConfig; readonly store: OfficeStore },
  work: (office: Office) => Promise<Result>,
): Promise<Result> {
  const { officeOf } = await import('@bilag/web');
  const { cwd, env } = session.world;
  let current = config;
  const changed = async (): Promise<Configured | undefined> => {
    if (!current.hasChanged()) return undefined;
    const next = await loadConfig({ cwd, file: current.file, env });
    const read = await readCompanies(next, wanted);
    current = next;
    return read;
  };
  const companies = await readCompanies(config, wanted);
  return work(officeOf({ ...companies, changed, store, surroundings: surroundingsOf(session) }));
}

interface Configured {
  readonly companies: readonly Company[];
  readonly wrong: readonly BilagError[];
}

async function readCompanies(config: LoadedConfig, wanted: string | undefined): Promise<Configured> {
  const companies: Company[] = [];
  const wrong: BilagError[] = [];
  for await (const company of config.companies((error) => wrong.push(error)))
    if (wanted === undefined || company.id === wanted) companies.push(company);
  const [first] = wrong;
  if (companies.length === 0) throw first ?? noCompany(wanted, config.file);
  return { companies, wrong };
}

export function languageOf(text: string): Language {
  const language = languages.find((known) => known === text);
  if (language !== undefined) return language;
  throw new BilagError('config', {
    what: `there are no pages in ${quotedName(text)}`,
    where: '--language',
    action: `choose of: ${languages.join(', ')}`,
  });
}

function noCompany(wanted: string | undefined, where: string): BilagError {
  return new BilagError('config', {
    what: wanted === undefined ? 'the config has no company' : `the config has no company ${quotedName(wanted)}`,
    where,
    action: 'look at the ids in the config; nothing was done',
  });
}

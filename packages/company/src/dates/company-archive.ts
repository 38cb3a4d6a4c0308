import { BilagError } from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';
import type { Company } from '../config/company.ts';

/** The cursor under which an archive remembers whose it is. */
const owner = 'bilag.company';

/** Opens a company's archive, gives it to the work, and closes it. Throws as {@link openCompanyArchive} does. */
export async function withArchive<Result>(
  company: Company,
  options: { readonly create: boolean },
  work: (archive: ArchiveStore) => Promise<Result>,
): Promise<Result> {
  const archive = await openCompanyArchive(company, options);
  try {
    return await work(archive);
  } finally {
    await archive.close();
  }
}

/** Opens a company's archive. Throws `not-found` when nothing was fetched, and `conflict` when it is another company's. */
export async function openCompanyArchive(
  company: Company,
  options: { readonly create: boolean },
): Promise<ArchiveStore> {
  const archive = await company.stores.openArchive(company, options).catch((error: unknown) => {
    throw nothingFetched(error, company);
  });
  try {
    const belongsTo = await archive.cursor(owner);
    if (belongsTo !== undefined && belongsTo !== company.id) throw othersArchive(company, belongsTo);
    if (belongsTo === undefined && options.create) await archive.setCursor({ source: owner, value: company.id });
    return archive;
  } catch (error) {
    await archive.close();
    throw error;
  }
}

function nothingFetched(error: unknown, company: Company): unknown {
  if (!(error instanceof BilagError) || error.kind !== 'not-found' || error.where !== placeOf(company)) return error;
  return new BilagError(
    'not-found',
    {
      what: error.what,
      where: `${placeOf(company)}, company ${company.id}`,
      action: 'run bilag fetch or bilag import first, or mend "archive" in the config',
    },
    { cause: error },
  );
}

function othersArchive(company: Company, belongsTo: string): BilagError {
  return new BilagError('conflict', {
    what: `the archive belongs to company ${belongsTo}, and this is company ${company.id}`,
    where: placeOf(company),
    action: 'give each company an archive of its own; nothing was changed',
  });
}

function placeOf(company: Company): string {
  return company.stores.placesOf(company).archive;
}

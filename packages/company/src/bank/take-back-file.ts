import { BilagError, formatAmount, quotedName } from '@bilag/core';
import type { KeptBankFile } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { withRecord } from '../stores.ts';
import { matchedBank, type CompanyBank } from './company-bank.ts';
import { lastDecision, lineName } from './decide.ts';

/**
 * Takes a file of the bank back, by its name or the beginning of its digest: one that is broken, or that was imported for another
 * account. What is booked of the bank has to stay as it is without the file. Throws `conflict` where it would not, or where two files
 * are called so, and `not-found` where none is.
 */
export async function takeBackBankFile(
  company: Company,
  bank: CompanyBank | undefined,
  name: string,
  now: Date,
): Promise<KeptBankFile> {
  const file = fileOf(name, bank, company);
  if (bank !== undefined) await refuseBooked(file, bank, company);
  await withRecord(company.stores.openBank(company, { create: true }), (record) =>
    record.takeBackFile(file.digest, now.toISOString(), lastDecision(bank)),
  );
  return file;
}

function fileOf(name: string, bank: CompanyBank | undefined, { id }: Company): KeptBankFile {
  const isCalled = (file: KeptBankFile): boolean =>
    file.name === name || (/^[0-9a-f]{8,64}$/.test(name) && file.digest.startsWith(name));
  const [file, ...more] = (bank?.files ?? []).filter(isCalled);
  if (file !== undefined && more.length === 0) return file;
  throw new BilagError(file === undefined ? 'not-found' : 'conflict', {
    what: `${file === undefined ? 'no' : 'more than one'} file of the bank is called ${quotedName(name)}`,
    where: `company ${id}`,
    action: 'give its name, or the short digest that bilag bank files shows; nothing was taken back',
  });
}

/** A line that is booked may be in the books of a target: it must still be there, as the same payout. */
async function refuseBooked(file: KeptBankFile, bank: CompanyBank, { id }: Company): Promise<void> {
  const files = bank.files.filter(({ digest }) => digest !== file.digest);
  const without = new Map((await matchedBank({ ...bank, files })).facts.map((fact) => [fact.id, fact]));
  const lost = bank.facts.find((fact) => without.get(fact.id)?.payoutReference !== fact.payoutReference);
  if (lost === undefined) return;
  const line = bank.matches.find((match) => lost.id.startsWith(match.line.id))?.line;
  const called = line === undefined ? '' : ` ${lineName(line)}`;
  throw new BilagError('conflict', {
    what: `line${called} of ${lost.date}, ${formatAmount(lost.amount)}, is booked as payout ${lost.payoutReference ?? ''}, and would be gone without this file`,
    where: `company ${id}, ${file.name}`,
    action: `import the right file first; or say that the line is no payout (bilag bank decide${called} --unrelated) and undo its voucher; nothing was taken back`,
  });
}

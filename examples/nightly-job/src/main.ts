import { openCompany, type OpenCompany } from '@bilag/company';
import { consequences, isBilagError, plainDate } from '@bilag/core';
import { vipps } from '@bilag/vipps';
import { merchant } from './merchant.ts';

const [name = 'tripletex', folder = 'data', last] = process.argv.slice(2);
const exitCodes = { nothing: 0, person: 3, retry: 4 } as const;

/** One night: fetch what is new, post what is not posted yet, and see that what was posted still stands. */
async function night(company: OpenCompany): Promise<keyof typeof exitCodes> {
  const ledgers = await company.fetch(last === undefined ? {} : { to: plainDate(last) });
  for (const { ledgerId, fetched } of ledgers) console.log(`ledger ${ledgerId}: ${fetched} dates fetched`);
  const [failure] = ledgers.flatMap(({ failures }) => failures);
  const { findings } = await company.connect(name);
  for (const { message, where } of findings) console.log(`${message} (${where})`);
  const { planned, result, verified, asksFor } = await (await company.target(name)).deliver();
  for (const { date, reference, state, problem } of result.outcomes)
    console.log(date, reference, state, problem === null ? '' : `${problem.what} (${problem.where})`);
  for (const { code, where, message } of [...planned.plan.findings, ...verified.findings])
    console.log(`${code}: ${message} (${where})`);
  const end = result.stoppedBy?.what ?? result.end;
  console.log(`plan: ${JSON.stringify(planned.plan.counts)}; ${end}; ${verified.checked} vouchers read back`);
  // What could not be had is had the next time; what was had is posted first.
  if (failure !== undefined) throw failure.error;
  return asksFor;
}

try {
  const company = await openCompany(merchant, { folder, sources: [vipps] });
  process.exitCode = exitCodes[await night(company).finally(() => company.close())];
} catch (error) {
  console.error(isBilagError(error) ? error.message : error);
  process.exitCode = isBilagError(error) && consequences[error.kind].ends === 'retry' ? 4 : 3;
}

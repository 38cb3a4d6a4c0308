import { sum, type Finding } from '@bilag/core';
import { join, relative, resolve } from 'node:path';
import type { DeliveryDemo, SeenVoucher } from '../demo/deliver-demo.ts';
import type { ImportDemo } from '../demo/import-demo.ts';
import type { Demonstration, DemoResult } from '../demo/run-demo.ts';
import { isSource } from '../main-script.ts';
import { exitCodes } from '../program/exit-codes.ts';
import { counted, countFindings, ledgerTable, proofLines, summaryJson } from '../output/books-tables.ts';
import { toFindingLines } from '../output/messages.ts';
import { toMoney } from '../output/money.ts';
import { toTable, type Column } from '../output/table.ts';
import type { AddCommand } from '../program/add-command.ts';
import type { Session } from '../session.ts';

interface DemoCommandOptions {
  readonly out: string;
  readonly showFindings?: boolean;
}

/** `bilag demo`: the main job from end to end, without keys and without a config. */
export const addDemoCommand: AddCommand = (command, session, ended) => {
  command
    .option('--out <folder>', 'where to', 'demo-output')
    .option('--show-findings', 'show what is for information too')
    .action(async (options: DemoCommandOptions) => {
      const { world, out, json, progress } = session;
      const folder = resolve(world.cwd, options.out);
      // The simulators are loaded here, not by every command.
      const { runDemo } = await import('../demo/run-demo.ts');
      const { results, delivery, imported, config } = await runDemo({
        folder,
        signal: world.signal,
        onStep: (text) => progress.show(text),
      });
      progress.clear();
      if (json) {
        await out.json({
          folder,
          delivery,
          imported,
          config,
          companies: results.map(({ company, about, exported, differences }) => {
            const { folder: files, books, findings } = exported;
            return {
              company: company.id,
              about,
              folder: files,
              files: exported.files,
              checkedBy: exported.checkedBy,
              findings,
              differences,
              books: summaryJson(books),
            };
          }),
        });
      } else await tell(session, { results, delivery, imported, config }, options, folder);
      const isDelivered = delivery.isClean && delivery.differences.length === 0 && delivery.proof.isProved;
      const isImported = imported.isProved && imported.differences.length === 0;
      const isAllWell = results.every(isWell) && isDelivered && isImported;
      ended(isAllWell ? exitCodes.done : exitCodes.findings);
    });
};

function isWell({ exported, differences }: DemoResult): boolean {
  return differences.length === 0 && exported.books.ledgers.every(({ isProved }) => isProved);
}

async function tell(
  session: Session,
  { results, delivery, imported, config }: Demonstration,
  options: DemoCommandOptions,
  folder: string,
): Promise<void> {
  const { out, world } = session;
  const place = (path: string): string => relative(world.cwd, path) || '.';
  await out.line(
    'A simulated Vipps MobilePay on this machine was read through its Report API; nothing left the machine.',
  );
  await out.line();
  for (const { company, about, exported, differences } of results) {
    const { books, files, checkedBy } = exported;
    await out.heading(company.name, `: ${about}`);
    await out.line(`${books.period.from} to ${books.period.to}, organisation ${company.organisationNumber}`);
    await out.write(ledgerTable(books.ledgers));
    await out.write(proofLines(books.ledgers));
    for (const difference of differences) await out.line(`DIFFERS  ${difference}`);
    await out.line(
      `${counted(books.vouchers, 'voucher')} with ${counted(books.lines, 'line')}; ${countFindings(books.findings)}`,
    );
    const isTold = ({ severity }: Finding): boolean => options.showFindings === true || severity !== 'info';
    await out.write(toFindingLines(books.findings.filter(isTold)));
    for (const { name } of files) await out.line(`  ${place(join(exported.folder, name))}`);
    await out.line(
      checkedBy.includes('saf-t')
        ? '  the SAF-T file has passed its checker'
        : `  no SAF-T: the Norwegian file is for books in NOK, these are in ${company.currency}`,
    );
    await out.line();
  }
  await tellImport(session, imported, place(imported.report));
  await tellDelivery(session, delivery);
  await tellProof(session, delivery, place(join(folder, 'kaffebaren', 'proof.html')));
  const ledgers = results.flatMap(({ exported }) => exported.books.ledgers);
  const proved = ledgers.filter(({ isProved }) => isProved).length;
  const well = results.filter(isWell).length;
  await out.line(
    `${proved} of ${ledgers.length} ledgers proved: the books equal the provider's balances on funds and fees.`,
  );
  await out.line(
    `${well} of ${results.length} companies agree with what the simulator counted while it made the trade up.`,
  );
  await out.line(`Files: ${place(folder)}, raw data as received: ${place(join(folder, 'archive'))}`);
  const program = isSource ? 'npx -y pnpm@12 bilag' : 'npx bilag';
  await out.line(`To look at it in the browser: ${program} serve --open -c ${place(config)}`);
}

async function tellImport({ out }: Session, imported: ImportDemo, report: string): Promise<void> {
  const { company, entries, vouchers, isProved, differences } = imported;
  await out.heading(company, ': the same quarter without keys');
  await out.line(`bilag import  ${report}, as the portal hands it out: ${counted(entries, 'row')}`);
  const verdict = isProved && differences.length === 0 ? 'proved, and as the API tells' : 'NOT PROVED';
  await out.line(`bilag book    ${counted(vouchers, 'voucher')}: ${verdict}`);
  for (const difference of differences) await out.line(`DIFFERS  ${difference}`);
  await out.line();
}

async function tellDelivery({ out }: Session, delivery: DeliveryDemo): Promise<void> {
  const { company, postedBefore, killedAt, verified, isClean, undone, seen, differences } = delivery;
  await out.heading(company, ': the same quarter, posted to a simulated Tripletex');
  await out.line(`bilag apply   July alone: ${counted(postedBefore, 'voucher')} posted`);
  await out.line(`bilag apply   the rest: the process is killed while it writes the ${killedAt}th, and gets no reply`);
  await out.line('bilag apply   again: what got no reply is looked up, the rest is posted, nothing twice');
  await out.line(
    `bilag verify  ${counted(verified, 'voucher')} read back, ${isClean ? 'as they were posted' : 'NOT as they were posted'}`,
  );
  await out.line(`bilag undo    ${undone} is reversed, and held until bilag release; a person sees there:`);
  const accounts = [...new Set(seen.flatMap(({ postings }) => postings.map(({ account }) => account)))].toSorted();
  const columns = ['Voucher', 'Reversal', 'Together'].map((title): Column => ({ title, align: 'right' }));
  await out.write(
    toTable(
      [{ title: 'Account' }, ...columns],
      accounts.map((account) => [account, ...[...seen.map((voucher) => [voucher]), seen].map(sumOn(account))]),
    ),
  );
  for (const difference of differences) await out.line(`DIFFERS  ${difference}`);
  await out.line();
}

/** Where the money is at the end of the quarter, and that every book says so. */
async function tellProof({ out }: Session, { company, proof }: DeliveryDemo, page: string): Promise<void> {
  await out.heading(company, ': the same quarter, proved from the sale to the bank statement');
  await out.line('bilag bank    a statement a day is taken in; each payout on it goes from transit to the bank');
  const rows = proof.tables.map(({ title, lines }) => {
    const closing = lines.find(({ is }) => is === 'closing');
    const difference = lines.find(({ is }) => is === 'difference');
    return [
      title,
      ...[closing, difference].map((line) => (line === undefined ? '' : toMoney(line.amount, proof.currency))),
    ];
  });
  const columns = ['Closing', 'Difference'].map((title): Column => ({ title, align: 'right' }));
  await out.write(toTable([{ title: 'bilag prove' }, ...columns], rows));
  const verdict = proof.isProved ? 'everything agrees, to 0.00' : 'it does NOT agree';
  await out.line(`${proof.provedDates} of ${counted(proof.dates, 'ledger date')}: ${verdict}; the page is ${page}`);
  await out.line();
}

function sumOn(account: string): (vouchers: readonly SeenVoucher[]) => string {
  return (vouchers) => {
    const amounts = vouchers.flatMap(({ postings }) => postings).filter((posting) => posting.account === account);
    return toMoney(sum(amounts.map(({ amount }) => amount)));
  };
}

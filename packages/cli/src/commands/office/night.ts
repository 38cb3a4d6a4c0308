import { loadConfig } from '../../config.ts';
import { BilagError, isBilagError, quotedName } from '@bilag/core';
import { night, type CompanyState, type NightResult, type OfficeStore } from '@bilag/office';
import { counted } from '../../output/books-tables.ts';
import { changeTable, reasonTable } from '../../output/office-tables.ts';
import { toMessage } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { exitCodes, type ExitCode } from '../../program/exit-codes.ts';
import { surroundingsOf, type Session } from '../../session.ts';
import { addOfficeOptions, withOffice, type OfficeOptions } from './with-office.ts';

interface NightCommandOptions extends OfficeOptions {
  readonly atOnce: string;
  readonly queue?: boolean;
}

/** `bilag night`: fetch, deliver and read back, for every company of the config. */
export const addNightCommand: AddCommand = (command, session, ended) => {
  command.argument('<target>', 'the target, by its name in the config; companies without it are skipped');
  addOfficeOptions(command)
    .option('--at-once <number>', 'how many companies are at work at once', '8')
    .option(
      '--queue',
      'put the companies into the queue of BILAG_DATABASE instead: bilag work does them, on any machine',
    )
    .action(async (target: string, options: NightCommandOptions) => {
      if (options.queue === true) {
        const { enqueueNight } = await import('./enqueue-night.ts');
        const config = await loadConfig({ cwd: session.world.cwd, file: options.config, env: session.world.env });
        ended(await enqueueNight(session, config, target));
        return;
      }
      const concurrency = numberOf(options.atOnce);
      ended(
        await withOffice(session, options, async (store, config) => {
          const wrong: BilagError[] = [];
          const document = new NightDocument(session);
          const result = await night(
            config.companies((error) => wrong.push(error)),
            {
              target,
              store,
              concurrency,
              surroundings: quietly(session),
              onCompany: async (state) => document.add(state),
              onProgress: ({ done, atWork }) => session.progress.show(`night: ${done} done; ${atWork.join(', ')}`),
            },
          );
          session.progress.clear();
          if (isNobody(result) && wrong.length === 0) throw noSuchTarget(target, config.file, result.skipped);
          await document.end(result, wrong);
          if (!session.json) await tell(session, store, result);
          await tellWrong(session, result, wrong);
          return codeOf(result, wrong);
        }),
      );
    });
};

/** What a company waits for is told in its state in the end: lines of a thousand companies would say nothing. */
function quietly(session: Session): ReturnType<typeof surroundingsOf> {
  const { onRetry: _retry, onWait: _wait, ...surroundings } = surroundingsOf(session);
  return surroundings;
}

function numberOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new BilagError('config', {
    what: `${quotedName(text)} is not a number of companies`,
    where: '--at-once',
    action: 'give a number from 1 to 999, such as 8; nothing was done',
  });
}

/** Whether the night had nothing to do because no company has the target: a name that is spelt otherwise is no quiet night. */
function isNobody({ counts, before, brokenOff }: NightResult): boolean {
  return counts.nothing + counts.retry + counts.person + before === 0 && brokenOff === undefined;
}

function noSuchTarget(target: string, where: string, skipped: number): BilagError {
  return new BilagError('config', {
    what:
      skipped === 0
        ? 'the config has no company'
        : `none of the ${counted(skipped, 'company', 'companies')} of the config has a target ${quotedName(target)}`,
    where,
    action: 'look at the names under targets in the config; nothing was done',
  });
}

function codeOf({ counts, brokenOff }: NightResult, wrong: readonly BilagError[]): ExitCode {
  if (counts.person > 0 || wrong.length > 0 || brokenOff !== undefined) return exitCodes.person;
  return counts.retry > 0 ? exitCodes.retry : exitCodes.done;
}

/** The document of `--json`: the companies as they are done with, and what the night came to. */
class NightDocument {
  readonly #session: Session;
  #count = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  async add(state: CompanyState): Promise<void> {
    if (!this.#session.json) return;
    const before = this.#count++ === 0 ? '{"companies":[\n' : ',\n';
    await this.#session.out.write(`${before}${JSON.stringify(state)}`);
  }

  async end(result: NightResult, wrong: readonly BilagError[]): Promise<void> {
    if (!this.#session.json) return;
    const summary = {
      ...result,
      brokenOff: result.brokenOff === undefined ? null : toMessage(result.brokenOff),
      wrong: wrong.map(({ what, where, action }) => ({ what, where, action })),
    };
    const before = this.#count === 0 ? '{"companies":[' : '\n';
    await this.#session.out.write(`${before}],"night":${JSON.stringify(summary)}}\n`);
  }
}

async function tell({ out }: Session, store: OfficeStore, result: NightResult): Promise<void> {
  const { night: run, counts, skipped, before, fetched, posted, changes, unclaimed } = result;
  await out.heading(`night of ${new Date(run.startedAt).toISOString().slice(0, 16)}Z, target ${run.target}`);
  const others = [
    ...(counts.retry > 0 ? [`${counts.retry} to try again`] : []),
    ...(counts.person > 0 ? [`${counts.person} for a person`] : []),
    ...(before > 0 ? [`${before} done before the night was cut off`] : []),
    ...(skipped > 0 ? [`${skipped} without the target`] : []),
  ];
  const all = [`${counted(counts.nothing, 'company', 'companies')} done`, ...others].join(', ');
  await out.line(`${all}; ${counted(fetched, 'date')} fetched, ${counted(posted, 'voucher')} posted`);
  const worthTelling = changes.filter(({ asks }) => asks !== 'nothing');
  if (worthTelling.length > 0) await out.write(`\nledgers that have changed:\n${changeTable(worthTelling)}`);
  if (unclaimed.length > 0) {
    const shown = unclaimed.slice(0, 10).join(', ');
    const more = unclaimed.length > 10 ? ` and ${unclaimed.length - 10} more` : '';
    await out.line();
    await out.line(`seen by the keys, and of no company that was done: ${shown}${more}`);
  }
  for (const [asksFor, heading] of [
    ['retry', 'to try again: run it once more later'],
    ['person', 'for a person'],
  ] as const) {
    if (counts[asksFor] === 0) continue;
    await out.write(`\n${heading}:\n${await reasonTable(statesOf(store, result, asksFor))}`);
  }
}

/** Of this night's target and begun in it: what an earlier night left of a company that is gone is not told again. */
async function* statesOf(
  store: OfficeStore,
  { night: run }: NightResult,
  asksFor: CompanyState['asksFor'],
): AsyncGenerator<CompanyState> {
  for await (const state of store.companies({ asksFor }))
    if (state.target === run.target && state.at >= run.startedAt) yield state;
}

async function tellWrong(
  { messages }: Session,
  { brokenOff }: NightResult,
  wrong: readonly BilagError[],
): Promise<void> {
  for (const error of wrong) await messages.write(toMessage(error));
  if (brokenOff === undefined) return;
  const why = isBilagError(brokenOff)
    ? brokenOff.what
    : brokenOff instanceof Error
      ? brokenOff.message
      : String(brokenOff);
  await messages.write(
    toMessage(
      new BilagError('unavailable', {
        what: `the list of companies broke off: ${why}`,
        where: 'the config',
        action: 'mend the config and run the night again: it goes on where it was',
      }),
    ),
  );
}

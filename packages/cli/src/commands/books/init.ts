import { loadTarget } from '@bilag/company';
import { checkCompany } from '../../config.ts';
import { BilagError } from '@bilag/core';
import { toStorageError } from '@bilag/engine';
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { exitCodes } from '../../program/exit-codes.ts';
import { createInterview, type Interview } from '../../init/ask.ts';
import { companyOf, toJson, toTypeScript } from '../../init/config-text.ts';
import { openingText, parseOpening, type WrittenOpening } from '../../init/openings.ts';
import { tellOpenings } from '../../init/tell-openings.ts';
import {
  checkAnswer,
  problemOfAnswer,
  questions,
  readAnswer,
  toFlag,
  type AnswerName,
  type Answers,
  type Question,
} from '../../init/questions.ts';
import type { AddCommand } from '../../program/add-command.ts';
import type { Session } from '../../session.ts';

type InitOptions = Answers & {
  readonly config: string;
  readonly force?: boolean;
  readonly opening?: readonly string[];
};

/** `bilag init`: a config with comments, from questions or flags. */
export const addInitCommand: AddCommand = (command, session, ended) => {
  addFlags(command).action(async (options: InitOptions) => {
    const { world, out, json } = session;
    const file = resolve(world.cwd, options.config);
    refuseExisting(file, options.force ?? false);
    const { answers, openings } = await answersOf(options, session, file);
    const company = companyOf(answers, openings);
    // What is written is what a command will take.
    const checked = checkCompany(company, { file: basename(file), folder: dirname(file) });
    for (const name of Object.keys(checked.targets)) await loadTarget(checked, name);
    await writeWhole(file, file.endsWith('.json') ? toJson(company) : toTypeScript(company));
    if (json) await out.json({ file, company: company.id });
    else {
      await out.line(`written: ${file}`);
      await out.line(
        answers.keys === 'none'
          ? 'next: bilag import with the files, then bilag book'
          : 'next: set the keys in the environment, then bilag ledgers, bilag fetch, bilag book',
      );
    }
    ended(exitCodes.done);
  });
};

function addFlags(command: Command): Command {
  command
    .option('-c, --config <file>', 'what to write: .ts, .js, .mjs or .json', 'bilag.config.ts')
    .option('--force', 'replace a config that is there')
    .option(
      '--opening <ledger=funds,fees,transit...>',
      'balances on the cut-over in major units, such as 302321=1250.00,-35.50,0',
    );
  for (const { flag, ask, help, choices } of questions) {
    const among = choices === undefined || flag === 'sale' ? '' : ` (${choices({}).join(', ')})`;
    command.option(`${toFlag(flag)} <answer>`, `${ask}: ${help}${among}`);
  }
  return command;
}

async function answersOf(
  options: InitOptions,
  session: Session,
  file: string,
): Promise<{ readonly answers: Answers; readonly openings: readonly WrittenOpening[] }> {
  const { world } = session;
  const given = (options.opening ?? []).map(parseOpening);
  if (world.stdin.isTTY !== true) return { answers: await answerEach(options, undefined), openings: given };
  const interview = createInterview(world);
  interview.say(`Enter takes what stands in brackets; ${back} goes back to the question before.\n`);
  try {
    const answers = await answerEach(options, interview);
    if (given.length > 0) return { answers, openings: given };
    const place = { file: basename(file), folder: dirname(file) };
    const { said, openings } = await tellOpenings(() => checkCompany(companyOf(answers, []), place), session);
    for (const line of said) interview.say(`  ${line}\n`);
    return { answers, openings: await askOpenings(interview, openings) };
  } finally {
    interview.close();
  }
}

async function answerEach(options: InitOptions, interview: Interview | undefined): Promise<Answers> {
  const answers: Partial<Record<AnswerName, string>> = {};
  const missing: string[] = [];
  /** The places of what a person answered, so that they can go back. */
  const asked: number[] = [];
  for (let place = 0; place < questions.length; place += 1) {
    const question = questions[place] as Question;
    const { flag, proposal, isAsked } = question;
    delete answers[flag];
    const given = options[flag] === undefined ? undefined : readAnswer(question, options[flag], answers);
    if (given !== undefined) checkAnswer(question, given, answers);
    else if (isAsked?.(answers) === false) continue;
    const answer =
      given ?? (interview === undefined ? proposal?.(answers) : await askOne(question, answers, interview));
    if (answer === back) {
      // The loop goes on with the one before, or asks the first one once more.
      place = (asked.pop() ?? place) - 1;
      continue;
    }
    if (answer === undefined) missing.push(toFlag(flag));
    else answers[flag] = answer;
    if (given === undefined && interview !== undefined) asked.push(place);
  }
  if (missing.length === 0) return answers;
  throw new BilagError('config', {
    what: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing, and there is nobody to ask`,
    where: 'bilag init',
    action: 'give them as flags, or run it on a terminal; nothing was written',
  });
}

/** What is answered to be asked the question before once more. */
const back = '<';

async function askOne(question: Question, answers: Answers, interview: Interview): Promise<string> {
  const choices = question.choices?.(answers);
  const proposal = question.proposal?.(answers);
  const among = choices === undefined ? '' : ` (${choices.join(', ')})`;
  const text = `${question.ask}${among}${proposal === undefined ? '' : ` [${proposal}]`}: `;
  interview.say(`  ${question.help}\n`);
  for (;;) {
    const said = await interview.ask(text);
    if (said === back) return back;
    const answer = readAnswer(question, said || (proposal ?? ''), answers);
    const problem = problemOfAnswer(question, answer, answers);
    if (problem === undefined) return answer;
    interview.say(`  ${problem}\n`);
  }
}

async function askOpenings(interview: Interview, proposed: readonly WrittenOpening[]): Promise<WrittenOpening[]> {
  const openings: WrittenOpening[] = [];
  for (;;) {
    const isFirst = proposed.length > 0 && openings.length === 0;
    const end = isFirst ? `no for none) [${proposed.map(openingText).join(' ')}]` : 'empty when done)';
    const text = await interview.ask(`Balances on the cut-over, as <ledger>=<funds>,<fees>,<in transit> (${end}: `);
    if (text === '') return isFirst ? [...proposed] : openings;
    if (/^(?:no|n|nei|nej|ei)$/i.test(text)) return [];
    try {
      // Several may be written as they are proposed, with spaces between them.
      openings.push(...text.split(/\s+(?=[^\s=,]+=)/).map(parseOpening));
    } catch (error) {
      interview.say(`  ${error instanceof BilagError ? error.action : String(error)}\n`);
    }
  }
}

function refuseExisting(file: string, isForced: boolean): void {
  if (!/\.(?:[mc]?[jt]s|json)$/.test(file)) {
    throw new BilagError('config', {
      what: 'a config is TypeScript, JavaScript or JSON',
      where: file,
      action: 'name it bilag.config.ts or bilag.config.json',
    });
  }
  if (isForced || !existsSync(file)) return;
  throw new BilagError('config', {
    what: 'there is a config already',
    where: file,
    action: 'choose another name with --config, or replace it with --force',
  });
}

/** Aside first: a config is never half written. */
async function writeWhole(file: string, text: string): Promise<void> {
  const aside = `${file}.new`;
  try {
    // What lies there may be a link, and lead anywhere.
    await rm(aside, { force: true });
    await writeFile(aside, text, { flag: 'wx' });
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw toStorageError(error, file, 'the config is as it was');
  }
}

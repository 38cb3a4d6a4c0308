import { BilagError, chartPresets, isPlainDate, markets, type Market, quotedName } from '@bilag/core';

/** One thing to know of a merchant, asked on a terminal or given as a flag. */
export interface Question {
  /** The flag without hyphens, and the key of the answer. */
  readonly flag: AnswerName;
  readonly ask: string;
  /** Why it is asked and what follows from it: help of the flag. */
  readonly help: string;
  /** A proposal; without one the answer must be given. */
  readonly proposal?: (answers: Answers) => string;
  readonly choices?: (answers: Answers) => readonly string[];
  /** What is wrong with an answer, if anything. */
  readonly problem?: (answer: string) => string | undefined;
  /** Whether several of the choices may be named, with commas. */
  readonly takesSeveral?: true;
  /** Whether it matters, by the answers so far. */
  readonly isAsked?: (answers: Answers) => boolean;
}

export type AnswerName =
  | 'name'
  | 'organisationNumber'
  | 'market'
  | 'id'
  | 'currency'
  | 'keys'
  | 'credentials'
  | 'revenue'
  | 'sale'
  | 'payouts'
  | 'cutOver'
  | 'targets'
  | 'dialect'
  | 'tripletexCompany'
  | 'fikenCompany'
  | 'economicJournal'
  | 'fortnoxSeries'
  | 'unimicroCompany'
  | 'businessCentralTenant'
  | 'businessCentralCompany'
  | 'businessCentralJournal'
  | 'xeroTenant'
  | 'city'
  | 'contact'
  | 'vatRegistered'
  | 'newCompany';

export type Answers = Readonly<Partial<Record<AnswerName, string>>>;

const yesNo = (): readonly string[] => ['yes', 'no'];
const wants =
  (target: string) =>
  ({ targets = '' }: Answers): boolean =>
    targets.split(', ').includes(target);
const wantsSafT = wants('saf-t');

/** What a company of a country can be delivered to: its own systems and files first, then what everybody can read. */
const targetsOf: Readonly<Record<Market, readonly string[]>> = {
  NO: [
    'saf-t',
    'tripletex',
    'fiken',
    'poweroffice',
    'unimicro',
    'eaccounting',
    'business-central',
    'xero',
    'gbat10',
    'journal',
    'csv',
  ],
  DK: ['economic', 'business-central', 'xero', 'journal', 'csv'],
  SE: ['fortnox', 'eaccounting', 'business-central', 'xero', 'sie', 'journal', 'csv'],
  FI: ['business-central', 'xero', 'journal', 'csv'],
};
const services = [
  'tripletex',
  'fiken',
  'poweroffice',
  'economic',
  'fortnox',
  'unimicro',
  'eaccounting',
  'business-central',
  'xero',
];

/** In the order they are asked: later ones may lean on earlier answers. */
export const questions: readonly Question[] = [
  { flag: 'name', ask: "The company's name", help: 'as it stands in the register' },
  {
    flag: 'organisationNumber',
    ask: 'Its organisation number',
    help: 'digits',
    problem: (answer) =>
      /^\d[\d\s-]{5,13}(?:MVA)?$/i.test(answer) ? undefined : 'write the digits of the organisation number',
  },
  {
    flag: 'market',
    ask: 'Its country',
    help: 'decides the proposed accounts and VAT',
    choices: () => markets,
    proposal: () => 'NO',
  },
  {
    flag: 'id',
    ask: 'A short id for folders and the command line',
    help: 'letters, digits, hyphens',
    proposal: ({ name = '' }) => idOf(name),
  },
  {
    flag: 'currency',
    ask: 'The currency of its ledgers',
    help: 'ISO 4217',
    proposal: ({ market }) => currencies[market as Market] ?? 'NOK',
    problem: (answer) => (/^[A-Z]{3}$/.test(answer) ? undefined : 'write three capital letters, such as NOK'),
  },
  {
    flag: 'keys',
    ask: 'Whose keys are used',
    help: 'the keys of the merchant itself, of an accounting partner it has given access, or none: then files are imported',
    choices: () => ['merchant', 'accounting-partner', 'none'],
    proposal: () => 'merchant',
  },
  {
    flag: 'credentials',
    ask: 'Where the keys are: env:NAME reads NAME_CLIENT_ID and so on',
    help: 'a reference; keys themselves never stand in a config',
    proposal: () => 'env:VIPPS',
    problem: (answer) =>
      /^env:[A-Za-z_][A-Za-z0-9_]*$/.test(answer) ? undefined : 'write env: and a name, such as env:VIPPS',
    isAsked: ({ keys }) => keys !== 'none',
  },
  {
    flag: 'revenue',
    ask: 'How captures are booked',
    help: 'sales: as revenue, which nothing else books; receivable: they pay invoices that were sent; already-booked: the till, the web shop or another integration books the revenue. If it is booked there and here, it is in the books twice',
    choices: () => ['sales', 'receivable', 'already-booked'],
    proposal: () => 'sales',
  },
  {
    flag: 'sale',
    ask: 'The VAT treatment of the sales: your accounting choice, there is no default',
    help: 'a VAT treatment of the country',
    choices: ({ market }) => Object.keys(chartPresets[market as Market].vat),
    isAsked: ({ revenue }) => revenue !== 'receivable',
  },
  {
    flag: 'payouts',
    ask: 'Payouts go straight to the bank account, or wait in transit for the bank statement',
    help: 'direct is simple; in-transit is right at the end of a period',
    choices: () => ['direct', 'in-transit'],
    proposal: () => 'direct',
  },
  {
    flag: 'cutOver',
    ask: 'The first date to book (cut-over)',
    help: 'nothing earlier is booked; best the first day of a month',
    problem: (answer) => (isPlainDate(answer) ? undefined : 'write an existing day as YYYY-MM-DD'),
  },
  {
    flag: 'targets',
    ask: 'Where the vouchers go',
    help: 'one or several, with commas; files are exported, and one accounting system at most is posted to',
    choices: ({ market }) => (market === undefined ? Object.keys(targetPackages) : targetsOf[market as Market]),
    proposal: ({ market }) => proposedTargets[market as Market] ?? 'journal',
    takesSeveral: true,
    problem: (answer) =>
      answer.split(', ').filter((name) => services.includes(name)).length > 1
        ? 'a company is posted to one accounting system: choose one of them'
        : undefined,
  },
  {
    flag: 'tripletexCompany',
    ask: 'Tripletex: the number of the company',
    help: 'the id in the address of its pages; keys of another company are then refused',
    problem: (answer) => (/^[1-9]\d{0,14}$/.test(answer) ? undefined : 'write its number, digits only'),
    isAsked: wants('tripletex'),
  },
  {
    flag: 'fikenCompany',
    ask: "Fiken: the company's slug",
    help: 'as in its address in Fiken, such as eksempel-as',
    problem: (answer) => (/^[\w-]+$/.test(answer) ? undefined : 'write letters, digits and hyphens'),
    isAsked: wants('fiken'),
  },
  {
    flag: 'economicJournal',
    ask: 'e-conomic: the number of the journal (kassekladde) that vouchers go to',
    help: 'one for Bilag alone, whose voucher numbers go from 200101000 to 991231999',
    problem: (answer) => (/^[1-9]\d{0,8}$/.test(answer) ? undefined : 'write its number, digits only'),
    isAsked: wants('economic'),
  },
  {
    flag: 'fortnoxSeries',
    ask: 'Fortnox: the code of the voucher series that vouchers go to',
    help: 'one for Bilag alone',
    proposal: () => 'V',
    problem: (answer) => (/^[A-Za-z0-9]{1,10}$/.test(answer) ? undefined : 'write its code, such as V'),
    isAsked: wants('fortnox'),
  },
  {
    flag: 'unimicroCompany',
    ask: 'Unimicro: the key of the company',
    help: 'as the list of its companies tells it (GET /api/init/companies)',
    problem: (answer) => (/^[\w-]{1,64}$/.test(answer) ? undefined : 'write its key, letters, digits and hyphens'),
    isAsked: wants('unimicro'),
  },
  {
    flag: 'businessCentralTenant',
    ask: 'Business Central: the Microsoft Entra tenant',
    help: 'its id or domain, such as example.onmicrosoft.com',
    problem: (answer) => (/^[A-Za-z0-9.-]{1,100}$/.test(answer) ? undefined : 'write its id or domain'),
    isAsked: wants('business-central'),
  },
  {
    flag: 'businessCentralCompany',
    ask: 'Business Central: the name of the company',
    help: 'as in the list of companies of the environment',
    proposal: ({ name = '' }) => name,
    isAsked: wants('business-central'),
  },
  {
    flag: 'businessCentralJournal',
    ask: 'Business Central: the code of the journal batch that vouchers go to',
    help: 'one of general journals, for Bilag alone, without number series',
    proposal: () => 'BILAG',
    problem: (answer) => (/^[A-Z0-9_-]{1,10}$/.test(answer) ? undefined : 'write its code, such as BILAG'),
    isAsked: wants('business-central'),
  },
  {
    flag: 'xeroTenant',
    ask: 'Xero: the id of the connection (xero-tenant-id)',
    help: 'as GET https://api.xero.com/connections tells it',
    problem: (answer) =>
      /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(answer)
        ? undefined
        : 'write the id, 32 hexadecimal digits in groups',
    isAsked: wants('xero'),
  },
  {
    flag: 'dialect',
    ask: 'The plain-text journal is for',
    help: 'the program that reads it',
    choices: () => ['hledger', 'ledger', 'beancount'],
    proposal: () => 'hledger',
    isAsked: wants('journal'),
  },
  { flag: 'city', ask: "SAF-T: the company's city", help: 'stands in the header of the file', isAsked: wantsSafT },
  {
    flag: 'contact',
    ask: 'SAF-T: the last name of a contact person',
    help: 'stands in the header of the file',
    isAsked: wantsSafT,
  },
  {
    flag: 'vatRegistered',
    ask: 'SAF-T: is the company in the VAT register',
    help: 'yes or no',
    choices: yesNo,
    proposal: () => 'yes',
    isAsked: wantsSafT,
  },
  {
    flag: 'newCompany',
    ask: 'SAF-T: were all accounts really empty before the cut-over',
    help: 'yes for a new company; otherwise give openings',
    choices: yesNo,
    proposal: () => 'no',
    isAsked: wantsSafT,
  },
];

/** The package of each target that can be chosen. */
export const targetPackages: Readonly<Record<string, string>> = {
  'saf-t': '@bilag/saf-t',
  tripletex: '@bilag/tripletex',
  fiken: '@bilag/fiken',
  poweroffice: '@bilag/poweroffice',
  economic: '@bilag/economic',
  fortnox: '@bilag/fortnox',
  unimicro: '@bilag/unimicro',
  eaccounting: '@bilag/eaccounting',
  'business-central': '@bilag/business-central',
  xero: '@bilag/xero',
  sie: '@bilag/sie',
  journal: '@bilag/journal',
  csv: '@bilag/csv',
  gbat10: '@bilag/gbat10',
};

const proposedTargets: Readonly<Record<Market, string>> = {
  NO: 'saf-t, journal',
  DK: 'journal',
  SE: 'sie, journal',
  FI: 'journal',
};

const currencies: Readonly<Record<Market, string>> = { NO: 'NOK', DK: 'DKK', SE: 'SEK', FI: 'EUR' };

/** The name in plain letters, without the form of the company. */
function idOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[æä]/g, 'a')
    .replaceAll(/[øö]/g, 'o')
    .normalize('NFD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .replace(/-(?:as|asa|aps|ab|oy|ans)$/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return plain === '' ? 'company' : plain;
}

/** An answer as the config has it: `ja`, `Norge`, `25 %`, `nok` and `SAF-T, Journal` mean what they say. */
export function readAnswer(question: Question, text: string, answers: Answers): string {
  const answer = text.trim();
  const choices = question.choices?.(answers);
  if (choices === undefined) return question.flag === 'currency' ? answer.toUpperCase() : answer;
  const read = (part: string): string => {
    const said = part
      .trim()
      .toLowerCase()
      .replace(/\s*%$/, '')
      .replace(/^(\d+),(\d+)$/, '$1.$2');
    const meant = meanings.get(said);
    return choices.find((choice) => choice.toLowerCase() === said || choice === meant) ?? part.trim();
  };
  if (question.takesSeveral !== true) return read(answer);
  return [...new Set(answer.split(',').map(read))].join(', ');
}

/** What people write in their own languages. */
const meanings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    yes: 'y ja j jo kyllä k',
    no: 'n nei nej ei',
    NO: 'norge noreg norway',
    DK: 'danmark denmark',
    SE: 'sverige sweden',
    FI: 'finland suomi',
  }).flatMap(([meant, words]) => words.split(' ').map((word) => [word, meant] as const)),
);

/** What is wrong with an answer, if anything. */
export function problemOfAnswer(question: Question, answer: string, answers: Answers): string | undefined {
  const choices = question.choices?.(answers);
  const named = question.takesSeveral === true ? answer.split(', ') : [answer];
  if (choices !== undefined && named.some((name) => !choices.includes(name)))
    return `choose one of: ${choices.join(', ')}`;
  return answer === '' ? 'this cannot be empty' : question.problem?.(answer);
}

/** Refuses a flag's answer. */
export function checkAnswer(question: Question, answer: string, answers: Answers): void {
  const problem = problemOfAnswer(question, answer, answers);
  if (problem === undefined) return;
  throw new BilagError('config', {
    what: `${quotedName(answer)} does not fit: ${problem}`,
    where: toFlag(question.flag),
    action: 'mend the argument; nothing was written',
  });
}

/** `cutOver` → `--cut-over`. */
export function toFlag(name: AnswerName): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

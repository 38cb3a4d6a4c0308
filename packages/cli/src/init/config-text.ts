import type { CompanyInput } from '../config.ts';
import { named } from '@bilag/core';
import { chartPresets, type Market } from '@bilag/core';
import { proposedGroupings } from './proposed-groupings.ts';
import type { WrittenOpening } from './openings.ts';
import { targetPackages, type Answers } from './questions.ts';

/** The company that the answers describe. */
export function companyOf(answers: Answers, openings: readonly WrittenOpening[]): CompanyInput {
  const { name = '', organisationNumber = '', id = '', currency = '', credentials = '', cutOver = '' } = answers;
  const market = answers.market as Market;
  const from = cutOver;
  return {
    id,
    name,
    organisationNumber,
    country: market,
    currency,
    source:
      answers.keys === 'none'
        ? { kind: 'vipps', keys: 'none' }
        : { kind: 'vipps', keys: answers.keys as 'merchant' | 'accounting-partner', credentials },
    policy: {
      versions: [
        {
          from,
          market,
          sales: {
            revenue: answers.revenue as 'sales' | 'receivable' | 'already-booked',
            ...(answers.sale === undefined ? {} : { sale: answers.sale }),
          },
          payouts: answers.payouts as 'direct' | 'in-transit',
          lines: 'summary',
        },
      ],
      ...(openings.length === 0
        ? {}
        : { openings: Object.fromEntries(openings.map(({ ledgerId, ...opening }) => [ledgerId, opening])) }),
    },
    targets: Object.fromEntries(
      (answers.targets ?? '').split(', ').map((target) => {
        return [
          target,
          { adapter: named(targetPackages, target) ?? '', config: named(configs, target)?.(answers) ?? {} },
        ];
      }),
    ),
  };
}

/** What each target has to know; the rest of its settings have defaults. */
const configs: Readonly<Record<string, (answers: Answers) => object>> = {
  'saf-t': safTConfigOf,
  tripletex: ({ tripletexCompany }) => {
    return { host: 'production', credentials: 'env:TRIPLETEX', companyId: Number(tripletexCompany) };
  },
  fiken: ({ fikenCompany }) => ({ credential: 'env:FIKEN', company: fikenCompany, accounts: fikenAccounts }),
  poweroffice: () => ({ credentials: 'env:POWEROFFICE' }),
  economic: ({ economicJournal }) => ({ credentials: 'env:ECONOMIC', journal: Number(economicJournal), mode: 'draft' }),
  fortnox: ({ fortnoxSeries }) => ({ credentials: 'file:FORTNOX', series: fortnoxSeries }),
  eaccounting: () => ({ credentials: 'file:EACCOUNTING', mode: 'draft' }),
  unimicro: ({ unimicroCompany }) => ({ credentials: 'env:UNIMICRO', company: unimicroCompany, mode: 'draft' }),
  xero: ({ xeroTenant }) => ({ tenant: xeroTenant, credentials: 'file:XERO', mode: 'draft', taxTypes: {} }),
  'business-central': ({ market, businessCentralTenant, businessCentralCompany, businessCentralJournal }) => ({
    tenant: businessCentralTenant,
    company: businessCentralCompany,
    credentials: 'env:BUSINESS_CENTRAL',
    journal: businessCentralJournal,
    mode: 'draft',
    vatGroups: vatGroupsOf(market as Market),
  }),
  journal: ({ dialect }) => ({ dialect }),
};

/** Groups are the company's own: that they are called as the codes is a guess, and rates and accounts are the preset's. */
function vatGroupsOf(market: Market): object {
  const treatments = Object.values(chartPresets[market].vat);
  return Object.fromEntries(
    treatments.map(({ code, rateBasisPoints, vatAccount }) => [
      code,
      { group: code, rateBasisPoints, account: vatAccount },
    ]),
  );
}

/** Banks and payment services are sub-accounts in Fiken, and its VAT accounts have numbers of their own. */
const fikenAccounts: Readonly<Record<string, string>> = {
  '1920': '1920:10001',
  '1579': '1920:10002',
  '2700': '2701',
  '2701': '2702',
  '2703': '2703',
};

function safTConfigOf({ city, contact, vatRegistered, newCompany }: Answers): object {
  return {
    address: { city },
    contact: { lastName: contact },
    vatRegistered: vatRegistered === 'yes',
    grouping: { accounts: proposedGroupings },
    ...(newCompany === 'yes' ? { startsWithoutOpenings: true } : {}),
  };
}

/** What is said beside the keys of the config, by path. */
const comments: Readonly<Record<string, string>> = {
  '': 'Written by bilag init. Every choice here can be changed; bilag book shows what it comes to.',
  source:
    'A reference, never the keys: NAME_CLIENT_ID, NAME_CLIENT_SECRET, NAME_SUBSCRIPTION_KEY and NAME_MERCHANT_SERIAL_NUMBER of the environment. Add ledgers: [...] to read some of them alone.',
  'policy.versions':
    'The bookkeeping choices from a date on. The first date is the cut-over: nothing earlier is booked.',
  'policy.versions.0.sales':
    'revenue: sales, receivable or already-booked. sale: the VAT treatment. Sales units of their own kind go under salesUnits.',
  'policy.versions.0.payouts': 'direct: straight to the bank account. in-transit: until the bank statement has them.',
  'policy.versions.0.lines': 'summary: one line per account and VAT code. entry: one line per payment.',
  'policy.openings':
    "Balances on the cut-over in minor units, as the provider has them: fees owed are negative. They are proved against the ledger's first balance.",
  targets:
    'Where to deliver: bilag export writes files; bilag connect, plan, apply and verify post to an accounting system.',
  'targets.tripletex.config':
    'Keys: TRIPLETEX_CONSUMER_TOKEN and TRIPLETEX_EMPLOYEE_TOKEN. To try it first: bilag simulate tripletex says what to write here.',
  'targets.fiken.config': 'Keys: FIKEN_TOKEN. To try it first: bilag simulate fiken says what to write here.',
  'targets.fiken.config.accounts':
    'Account of the policy → account in Fiken. 10001 and 10002 are examples: look at the sub-accounts of the bank and of Vipps there.',
  'targets.poweroffice.config':
    'Keys: POWEROFFICE_APPLICATION_KEY, POWEROFFICE_SUBSCRIPTION_KEY and POWEROFFICE_CLIENT_KEY. To try it first: bilag simulate poweroffice says what to write here.',
  'targets.economic.config':
    'Keys: ECONOMIC_APP_SECRET_TOKEN and ECONOMIC_AGREEMENT_GRANT_TOKEN. mode: draft leaves vouchers in the journal until a person books them, posted books them. To try it first: bilag simulate economic says what to write here.',
  'targets.fortnox.config':
    'Keys: FORTNOX_CLIENT_ID, FORTNOX_CLIENT_SECRET and FORTNOX_REFRESH_TOKEN; bilag keys FORTNOX copies them into the encrypted file, because a refresh token works once. To try it first: bilag simulate fortnox says what to write here.',
  'targets.unimicro.config':
    'Keys: UNIMICRO_CLIENT_ID and UNIMICRO_PRIVATE_KEY, of a server application. mode: draft leaves vouchers as drafts until a person books them, posted books them. To try it first: bilag simulate unimicro says what to write here.',
  'targets.xero.config':
    'Keys: XERO_CLIENT_ID, XERO_CLIENT_SECRET and XERO_REFRESH_TOKEN; bilag keys XERO copies them into the encrypted file, because a refresh token works once. mode: draft leaves vouchers as drafts until a person posts them, posted posts them. To try it first: bilag simulate xero says what to write here.',
  'targets.xero.config.taxTypes':
    'VAT code of the policy → tax type of the organisation, such as TAX001: bilag connect says which codes miss one.',
  'targets.business-central.config':
    'Keys: BUSINESS_CENTRAL_CLIENT_ID and BUSINESS_CENTRAL_CLIENT_SECRET, of an app in Microsoft Entra. mode: draft leaves vouchers in the journal until a person posts it, posted posts them. To try it first: bilag simulate business-central says what to write here.',
  'targets.business-central.config.vatGroups':
    'VAT code of the policy → the VAT product posting group of the company. Write its own codes: those here are guesses.',
  'targets.eaccounting.config':
    'Keys: EACCOUNTING_CLIENT_ID, EACCOUNTING_CLIENT_SECRET and EACCOUNTING_REFRESH_TOKEN; bilag keys EACCOUNTING copies them into the encrypted file, because a refresh token works once. mode: draft leaves vouchers as drafts until a person makes vouchers of them, posted books them. To try it first: bilag simulate eaccounting says what to write here.',
  'targets.saf-t.config.grouping': 'A proposal for the tax return: let the accountant confirm it.',
};

/** The adapters' declarations, for an import in TypeScript. */
const declarations: Readonly<Record<string, string>> = {
  '@bilag/saf-t': 'safT',
  '@bilag/tripletex': 'tripletex',
  '@bilag/fiken': 'fiken',
  '@bilag/poweroffice': 'powerOffice',
  '@bilag/economic': 'economic',
  '@bilag/fortnox': 'fortnox',
  '@bilag/unimicro': 'unimicro',
  '@bilag/eaccounting': 'eAccounting',
  '@bilag/business-central': 'businessCentral',
  '@bilag/xero': 'xero',
  '@bilag/sie': 'sie',
  '@bilag/journal': 'journal',
  '@bilag/csv': 'csv',
  '@bilag/gbat10': 'gbat10',
};

function commentOf(path: readonly string[], held: unknown): string | undefined {
  const isWithoutKeys = typeof held === 'object' && held !== null && 'keys' in held && held.keys === 'none';
  return isWithoutKeys ? 'There are no keys: bilag import reads files.' : named(comments, path.join('.'));
}

/** The config as TypeScript with comments. */
export function toTypeScript(company: CompanyInput): string {
  const packages = Object.values(company.targets ?? {}).map(({ adapter }) => String(adapter));
  const imports = packages.map((name) => `import { ${named(declarations, name)} } from '${name}';\n`).join('');
  return `import { defineConfig } from '@bilag/cli';\n${imports}\n// ${comments['']}\nexport default defineConfig(${typeScriptOf(company, [], '')});\n`;
}

function typeScriptOf(value: unknown, path: readonly string[], indent: string): string {
  if (path.at(-1) === 'adapter') return named(declarations, String(value)) ?? quoted(String(value));
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item, index) => `${inner}${typeScriptOf(item, [...path, String(index)], inner)},\n`);
    return `[\n${items.join('')}${indent}]`;
  }
  const fields = Object.entries(value).map(([key, held]) => {
    const own = [...path, key];
    const text = `${/^[A-Za-z_]\w*$/.test(key) ? key : quoted(key)}: ${typeScriptOf(held, own, inner)}`;
    return { said: commentLines(commentOf(own, held), inner), text };
  });
  const short = `{ ${fields.map(({ text }) => text).join(', ')} }`;
  if (path.length > 0 && short.length < 90 && !short.includes('\n') && fields.every(({ said }) => said === ''))
    return short;
  return `{\n${fields.map(({ said, text }) => `${said}${inner}${text},\n`).join('')}${indent}}`;
}

function commentLines(comment: string | undefined, indent: string): string {
  if (comment === undefined) return '';
  const lines = [''];
  for (const word of comment.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length < 100) lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}// ${line}\n`).join('');
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The config as JSON, whose comments are keys that begin with `//`. */
export function toJson(company: CompanyInput): string {
  return `${JSON.stringify(commented(company, []), null, 2)}\n`;
}

function commented(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => commented(item, [...path, String(index)]));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).flatMap(([key, held]) => {
    const own = [...path, key];
    const comment = commentOf(own, held);
    const field = [key, commented(held, own)] as const;
    return comment === undefined ? [field] : [[`// ${key}`, comment] as const, field];
  });
  return Object.fromEntries(path.length === 0 ? [['//', comments['']], ...fields] : fields);
}

import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { amount } from '@bilag/core';
import { eAccounting, type EAccountingConfig } from '@bilag/eaccounting';
import {
  startEAccountingSimulator,
  type EAccountingCompanyBackDoor,
  type EAccountingSimulator,
  type HeldEAccountingVoucher,
} from '@bilag/simulator-eaccounting';

/** The adapter on the simulated eAccounting, leaving drafts and booking at once. */
export const subjects: readonly Subject<EAccountingConfig>[] = [subjectOf('draft'), subjectOf('posted')];

function subjectOf(mode: EAccountingConfig['mode']): ServiceSubject<EAccountingConfig> {
  return {
    adapter: eAccounting,
    variant: `mode: ${mode}`,
    module: new URL('../src/index.ts', import.meta.url),
    chart: {
      currency: 'SEK',
      bank: '1930',
      clearing: '1686',
      fee: '6570',
      sales: [
        { account: '3001', vatCode: 'MP1', rateBasisPoints: 2500, vatAccount: '2611' },
        { account: '3002', vatCode: 'MP2', rateBasisPoints: 1200, vatAccount: '2621' },
      ],
      dimension: { type: 'project', value: '7' },
      missingAccount: '3999',
      reverseCharge: {
        account: '6570',
        vatCode: 'OMVÄND',
        rateBasisPoints: 2500,
        vatAccount: '2614',
        deductionAccount: '2645',
      },
    },
    async open(time) {
      const simulator = await startEAccountingSimulator({ now: () => new Date(time.now()) });
      const own = { credentials: 'file:EACCOUNTING', clearingAccounts: ['1686'], timeoutMs: 1_000 };
      return {
        config: { host: simulator.url, ...own, mode },
        credentials: { 'file:EACCOUNTING': keysOf(simulator) },
        server: simulator,
        backDoor: backDoorOf(simulator),
        isPost: ({ method, path }) =>
          method === 'POST' && path === (mode === 'draft' ? '/v2/voucherdrafts' : '/v2/vouchers'),
        pageSize: 250,
        replies: {
          busy: told(429, 4010, 'API calls quota exceeded! maximum admitted 600 per Minute. Try again in 7 seconds.'),
          unauthorised: told(401, 4000, 'The token is not valid.'),
          forbidden: told(403, 4001, 'The scope is missing.'),
          refused: (words) => told(400, 2000, words),
        },
        close: () => simulator.close(),
      };
    },
  };
}

/** The simulator's fake keys, as a credential holds them. */
export function keysOf({ credentials }: EAccountingSimulator): Record<string, string> {
  const { clientId, clientSecret, refreshTokens } = credentials;
  return { clientId, clientSecret, refreshToken: Object.values(refreshTokens)[0] ?? '' };
}

function told(status: number, code: number, message: string): ReturnType<FakeTarget['replies']['refused']> {
  const ErrorId = '3fa7da17-eeb2-48f6-997d-0be158f4cba4';
  const body = JSON.stringify({ ErrorCode: code, DeveloperErrorMessage: message, ErrorId, Errors: null });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function backDoorOf(simulator: EAccountingSimulator): BackDoor {
  const company = simulator.backDoor.company();
  return {
    held: () => company.vouchers().map((held) => toHeld(held, company)),
    lockThrough: (date) => company.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (reference) => {
      const held = company.vouchers().find(({ text }) => text.split(' ')[0] === reference);
      if (held !== undefined) company.change(held.id, { rows: moved(held.rows) });
    },
    alterNext: () => company.alterNext(moved),
  };
}

/** Ours are called by their references. */
function toHeld({ id, text, date, rows }: HeldEAccountingVoucher, company: EAccountingCompanyBackDoor): HeldVoucher {
  const [reference = '', ...words] = text.split(' ');
  return {
    id: reference,
    reference,
    state: 'live',
    document: 'journal',
    date,
    currency: 'SEK',
    description: words.join(' '),
    postings: rows.map(({ account, amount: value, text: rowText, project }) => ({
      account,
      amount: value,
      text: rowText,
      ...(project === undefined ? {} : { dimensions: { project } }),
    })),
    files: company.filesOf(id).map(({ name, content }) => ({ name, content })),
  };
}

/** One krona more on the first row, and one less on the next. */
function moved(rows: HeldEAccountingVoucher['rows']): HeldEAccountingVoucher['rows'] {
  return rows.map((row, index) => {
    const change = index === 0 ? 100 : index === 1 ? -100 : 0;
    return { ...row, amount: amount(row.amount + change) };
  });
}

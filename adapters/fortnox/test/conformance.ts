import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { amount } from '@bilag/core';
import { fortnox, type FortnoxConfig } from '@bilag/fortnox';
import {
  startFortnoxSimulator,
  type FortnoxCompanyBackDoor,
  type FortnoxSimulator,
  type HeldFortnoxVoucher,
} from '@bilag/simulator-fortnox';

const subject: ServiceSubject<FortnoxConfig> = {
  adapter: fortnox,
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
    dimension: { type: 'department', value: '10' },
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
    const simulator = await startFortnoxSimulator({ now: () => new Date(time.now()) });
    return {
      config: {
        host: simulator.url,
        credentials: 'file:FORTNOX',
        series: 'V',
        clearingAccounts: ['1686'],
        timeoutMs: 1_000,
      },
      credentials: { 'file:FORTNOX': keysOf(simulator) },
      server: simulator,
      backDoor: backDoorOf(simulator),
      isPost: ({ method, path }) => method === 'POST' && path === '/3/vouchers',
      pageSize: 100,
      replies: {
        busy: json(429, { message: 'Too Many Requests' }, { 'retry-after': '7' }),
        unauthorised: json(401, { message: 'unauthorized' }),
        forbidden: information(403, 2_000_663, 'Har inte behörighet för scope.'),
        refused: (words) => information(400, 2_000_106, words),
      },
      close: () => simulator.close(),
    };
  },
};

/** The adapter on the simulated Fortnox. */
export const subjects: readonly Subject<FortnoxConfig>[] = [subject];

/** The simulator's fake keys, as a credential holds them. */
export function keysOf({ credentials }: FortnoxSimulator): Record<string, string> {
  const { clientId, clientSecret, refreshTokens } = credentials;
  return { clientId, clientSecret, refreshToken: refreshTokens[1] ?? '' };
}

function information(status: number, code: number, message: string): Reply {
  return json(status, { ErrorInformation: { error: 1, message, code } });
}

type Reply = ReturnType<FakeTarget['replies']['refused']>;

function json(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function backDoorOf(simulator: FortnoxSimulator): BackDoor {
  const company = simulator.backDoor.company();
  return {
    held: () => company.vouchers().map((held) => toHeld(held, company)),
    lockThrough: (date) => company.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (id) => {
      const held = company.vouchers().find((one) => idOf(one) === id);
      if (held !== undefined) company.change(held, { rows: moved(held.rows) });
    },
    alterNext: () => company.alterNext(moved),
  };
}

function idOf({ series, number, year }: HeldFortnoxVoucher): string {
  return `${series}-${number}-${year}`;
}

function toHeld(held: HeldFortnoxVoucher, company: FortnoxCompanyBackDoor): HeldVoucher {
  const { date, description, comments, rows } = held;
  return {
    id: idOf(held),
    reference: comments,
    state: 'live',
    document: 'journal',
    date,
    currency: 'SEK',
    description,
    postings: rows.map(({ account, amount: value, information: text, costCenter }) => ({
      account,
      amount: value,
      text,
      ...(costCenter === undefined ? {} : { dimensions: { department: costCenter } }),
    })),
    files: company.filesOf(held).map(({ name, content }) => ({ name, content })),
  };
}

/** One krona more on the first row, and one less on the next. */
function moved(rows: HeldFortnoxVoucher['rows']): HeldFortnoxVoucher['rows'] {
  return rows.map((row, index) => {
    const change = index === 0 ? 100 : index === 1 ? -100 : 0;
    return { ...row, amount: amount(row.amount + change) };
  });
}

import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { amount, type Amount } from '@bilag/core';
import { powerOffice, type PowerOfficeConfig } from '@bilag/poweroffice';
import { startPowerOfficeSimulator, type PowerOfficeSimulator } from '@bilag/simulator-poweroffice';

const subject: ServiceSubject<PowerOfficeConfig> = {
  adapter: powerOffice,
  module: new URL('../src/index.ts', import.meta.url),
  chart: { dimension: { type: 'department', value: '10' } },
  async open(time) {
    const simulator = await startPowerOfficeSimulator({ now: () => new Date(time.now()) });
    return {
      config: { host: simulator.url, credentials: 'env:POWEROFFICE', clearingAccounts: ['1579'], timeoutMs: 1_000 },
      credentials: { 'env:POWEROFFICE': keysOf(simulator) },
      server: simulator,
      backDoor: backDoorOf(simulator),
      isPost: ({ method, path }) => method === 'POST' && path === '/v2/Vouchers/ManualJournals',
      replies: {
        busy: problem(429, 'Too many requests', { 'retry-after': '7' }),
        unauthorised: problem(401, 'No such token'),
        forbidden: problem(403, 'The privilege is missing'),
        refused: (words) => problem(400, words),
      },
      close: () => simulator.close(),
    };
  },
};

/** The adapter on the simulated PowerOffice Go. */
export const subjects: readonly Subject<PowerOfficeConfig>[] = [subject];

/** The simulator's fake keys, as a credential holds them. */
export function keysOf({ credentials }: PowerOfficeSimulator): Record<string, string> {
  const { applicationKey, subscriptionKey, clientKeys } = credentials;
  return { applicationKey, subscriptionKey, clientKey: clientKeys[1] ?? '' };
}

/** Problem details (RFC 9457), as PowerOffice describes its errors. */
function problem(
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): ReturnType<FakeTarget['replies']['refused']> {
  const body = {
    type: `https://httpstatuses.com/${status}`,
    title: 'An error occurred',
    status,
    detail,
    instance: null,
  };
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify(body) };
}

function backDoorOf(simulator: PowerOfficeSimulator): BackDoor {
  const client = simulator.backDoor.client();
  return {
    held: () => client.vouchers().map(toHeld),
    lockThrough: (date) => client.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    // People do not change what is posted: they post a correction of it.
    edit: (id) => {
      const lines = client.vouchers().find((held) => held.id === id)?.lines ?? [];
      client.correct(id, moved(lines));
    },
    alterNext: () => client.alterNext({ lines: moved }),
  };
}

type LedgerVoucher = ReturnType<ReturnType<PowerOfficeSimulator['backDoor']['client']>['vouchers']>[number];

function toHeld(held: LedgerVoucher): HeldVoucher {
  const { id, date, currency, description, documentation, reverses } = held;
  return {
    id,
    reference: held.externalImportReference ?? '',
    state: held.isReversed ? 'reversed' : 'live',
    document: 'journal',
    date,
    currency,
    description,
    postings: held.transactions.map(({ account, amount: net, vatCode, isVat, department, description: text }) => ({
      account,
      amount: net,
      text,
      ...(isVat || vatCode === '0' ? {} : { vatCode }),
      ...(department === undefined ? {} : { dimensions: { department } }),
    })),
    files: documentation === null ? [] : [{ name: documentation.fileName, content: documentation.content }],
    ...(reverses === null ? {} : { reverses }),
  };
}

/** One krone more on the first line without VAT, and one less on the next. */
function moved<Line extends { readonly amount: Amount; readonly vatCode: string }>(lines: readonly Line[]): Line[] {
  const plain = lines.flatMap(({ vatCode }, index) => (vatCode === '0' ? [index] : []));
  const [first = 0, second = lines.length - 1] = plain;
  return lines.map((line, index) => {
    if (index === first) return { ...line, amount: amount(line.amount + 100) };
    return index === second ? { ...line, amount: amount(line.amount - 100) } : line;
  });
}

import { amount } from '@bilag/core';
import type { BackDoor, FakeTarget, HeldPosting, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { defaultTripletexCompany, startTripletexSimulator, type TripletexSimulator } from '@bilag/simulator-tripletex';
import { tripletex, type TripletexConfig } from '../src/index.ts';

const subject: ServiceSubject<TripletexConfig> = {
  adapter: tripletex,
  module: new URL('../src/index.ts', import.meta.url),
  chart: {
    sales: [
      { account: '3000', vatCode: '3', rateBasisPoints: 2500, vatAccount: '2700' },
      { account: '3001', vatCode: '31', rateBasisPoints: 1500, vatAccount: '2701' },
    ],
    dimension: { type: 'department', value: '10' },
    reverseCharge: {
      account: '7770',
      vatCode: '86',
      rateBasisPoints: 2500,
      vatAccount: '2703',
      deductionAccount: '2710',
    },
  },
  async open(time): Promise<FakeTarget> {
    const delay = { ms: 0 };
    const simulator = await startTripletexSimulator({
      now: () => new Date(time.now()),
      sleep: () => Promise.resolve(),
      get searchDelayMs() {
        return delay.ms;
      },
    });
    const { consumerToken, employeeTokens } = simulator.credentials;
    const { id } = defaultTripletexCompany;
    return {
      config: {
        host: simulator.url,
        credentials: 'memory:tripletex',
        companyId: id,
        clearingAccounts: ['1579'],
        timeoutMs: 1_000,
      },
      credentials: { 'memory:tripletex': { consumerToken, employeeToken: employeeTokens[id] ?? '' } },
      server: simulator,
      backDoor: backDoorOf(simulator, (ms) => void (delay.ms = ms)),
      isPost,
      pageSize: 200,
      replies: {
        busy: envelope(429, 0, 'Too many requests', { 'x-rate-limit-reset': '7', 'retry-after': '7' }),
        unauthorised: envelope(401, 3000, 'Unauthorized'),
        forbidden: envelope(403, 9000, 'You do not have permission to access this feature.'),
        refused: (words) => envelope(422, 18_000, words),
      },
      close: () => simulator.close(),
    };
  },
};

/** Tripletex's own errors, as recorded. */
function envelope(
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): ReturnType<FakeTarget['replies']['refused']> {
  const validationMessages =
    status === 422 ? [{ field: 'postings.account.id', message, path: null, rootId: null }] : [];
  const link = 'https://tripletex.no/v2-docs/';
  const requestId = '00000000-0000-4000-8000-000000000000';
  const body = { status, code, message, link, developerMessage: message, validationMessages, requestId };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The adapter on the simulated Tripletex. */
export const subjects: readonly Subject<TripletexConfig>[] = [subject];

function isPost({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'POST' && path.endsWith('/ledger/voucher');
}

function backDoorOf(simulator: TripletexSimulator, showAfter: BackDoor['showAfter']): BackDoor {
  const company = simulator.backDoor.company();
  const edit = (id: number): void => {
    const held = company.vouchers().find((voucher) => voucher.id === id);
    let plain = 0;
    const rows = (held?.postings ?? []).flatMap(({ row, account, amountGross, vatType, department }) => {
      if (row === 0) return [];
      const isPlain = vatType === '0' && plain < 2;
      if (isPlain) plain += 1;
      const change = isPlain ? (plain === 1 ? 100 : -100) : 0;
      return [{ account, amount: amountGross + change, vatType, ...(department === undefined ? {} : { department }) }];
    });
    company.edit(id, { rows });
  };
  return {
    held: () => company.vouchers().map(toHeld),
    lockThrough: (date) => company.closeThrough(date),
    showAfter,
    edit: (id) => edit(Number(id)),
    alterNext: () =>
      void simulator.faults.arm({
        kind: 'answer',
        match: isPost,
        answer: async (request, handle) => {
          const reply = await handle(request);
          edit(company.vouchers().at(-1)?.id ?? 0);
          return reply;
        },
      }),
  };
}

function toHeld(
  held: ReturnType<ReturnType<TripletexSimulator['backDoor']['company']>['vouchers']>[number],
): HeldVoucher {
  const { id, isDeleted, reverses, reverseVoucher, date, description, externalVoucherNumber, attachment } = held;
  const isReversed = reverses === null && reverseVoucher !== null;
  return {
    id: String(id),
    reference: externalVoucherNumber ?? '',
    state: isDeleted ? 'deleted' : isReversed ? 'reversed' : 'live',
    ...(reverses === null ? {} : { reverses: String(reverses) }),
    document: 'journal',
    date,
    currency: 'NOK',
    description,
    postings: held.postings.map(toPosting),
    files: (attachment?.uploads ?? []).map((content) => ({ name: attachment?.fileName ?? '', content })),
  };
}

function toPosting(
  posting: ReturnType<ReturnType<TripletexSimulator['backDoor']['company']>['vouchers']>[number]['postings'][number],
): HeldPosting {
  const { row, account, vatType, department, project, description } = posting;
  const dimensions = {
    ...(department === undefined ? {} : { department }),
    ...(project === undefined ? {} : { project }),
  };
  return {
    account,
    amount: amount(posting.amount),
    ...(row > 0 && vatType !== '0' ? { vatCode: vatType } : {}),
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    text: description,
  };
}

import { amount, plainDate } from '@bilag/core';
import type { BackDoor, FakeTarget, HeldPosting, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { startFikenSimulator, type FikenSimulator } from '@bilag/simulator-fiken';
import { fiken, type FikenConfig } from '../src/index.ts';
import { fikenAccounts } from './connections.ts';

/** The adapter on the simulated Fiken, with a personal token and with an application's tokens. */
export const subjects: readonly Subject<FikenConfig>[] = [subjectWith('token'), subjectWith('oauth2')];

function subjectWith(auth: FikenConfig['auth']): ServiceSubject<FikenConfig> {
  return {
    adapter: fiken,
    variant: auth === 'token' ? 'personal token' : 'OAuth2',
    module: new URL('../src/index.ts', import.meta.url),
    // Fiken makes ordinary accounts when they are used; a bank that is not there it does not make.
    chart: { missingAccount: '1920:10009' },
    async open(time): Promise<FakeTarget> {
      const simulator = await startFikenSimulator({
        now: time.now,
        sleep: () => Promise.resolve(),
        aboveFourPerSecond: 'count',
      });
      const { token, clientId, clientSecret, refreshToken } = simulator.credentials;
      return {
        config: {
          credential: 'memory:fiken',
          auth,
          company: 'bilag-test-as',
          accounts: fikenAccounts,
          clearingAccounts: ['1579'],
          baseUrl: simulator.baseUrl,
          tokenUrl: simulator.tokenUrl,
          timeoutMs: 1_000,
        },
        credentials: { 'memory:fiken': auth === 'token' ? { token } : { clientId, clientSecret, refreshToken } },
        server: simulator,
        backDoor: backDoorOf(simulator),
        isPost: ({ method, path }) => method === 'POST' && /\/(?:sales|generalJournalEntries)$/.test(path),
        pageSize: 100,
        replies: {
          unauthorised: replyOf(401, { error: 'unauthorized', error_description: 'Bad token' }),
          forbidden: replyOf(403, { message: 'No access' }),
          refused: (words) => replyOf(400, { error: 'invalid_request', error_description: words, message: words }),
        },
        close: () => simulator.close(),
      };
    },
  };
}

type Reply = ReturnType<FakeTarget['replies']['refused']>;

function replyOf(status: number, body: object, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function backDoorOf(simulator: FikenSimulator): BackDoor {
  const company = simulator.company();
  const edit = (transactionId: number): void => {
    let plain = 0;
    company.editLines(transactionId, (line) => {
      if (line.vatCode !== '0' || plain === 2) return line;
      plain += 1;
      return { ...line, amount: line.amount + (plain === 1 ? 100 : -100) };
    });
  };
  return {
    held: () => heldIn(simulator),
    lockThrough: (date) => company.books.locks.closeThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (id) => edit(transactionOf(id, simulator)),
    alterNext: () =>
      void simulator.faults.arm({
        kind: 'answer',
        match: ({ method, path }) => method === 'POST' && /\/(?:sales|generalJournalEntries)$/.test(path),
        answer: async (request, handle) => {
          const reply = await handle(request);
          edit(company.books.transactions.at(-1)?.transactionId ?? 0);
          return reply;
        },
      }),
  };
}

function heldIn(simulator: FikenSimulator): HeldVoucher[] {
  const { transactions, sales } = simulator.company().books;
  return transactions.map((transaction): HeldVoucher => {
    const { transactionId, entries, deleted } = transaction;
    const [entry] = entries;
    const sale = sales.find((one) => one.transactionId === transactionId);
    const original = transactions.find((one) => one.entries[0]?.offsetTransactionId === transactionId);
    const isReversed = entry?.offsetTransactionId !== undefined;
    const [, marked = ''] = /\[([A-Z0-9.-]+)\]/.exec(entry?.description ?? '') ?? [];
    return {
      id: idOf(transactionId, simulator),
      reference: sale?.saleNumber ?? marked,
      state: isReversed ? 'reversed' : deleted ? 'deleted' : 'live',
      ...(original === undefined ? {} : { reverses: idOf(original.transactionId, simulator) }),
      document: sale === undefined ? 'journal' : 'sale',
      date: plainDate(entry?.date ?? ''),
      currency: 'NOK',
      description: entry?.description ?? '',
      postings: entries.flatMap((one) => one.lines.map(toPosting)),
      files: [...(sale?.files ?? []), ...entries.flatMap((one) => one.files)].map(({ filename, bytes }) => ({
        name: filename,
        content: bytes,
      })),
    };
  });
}

const policyAccounts: ReadonlyMap<string, string> = new Map(
  Object.entries(fikenAccounts).map(([policy, own]) => [own, policy]),
);

/** Fiken shows the code of its base on the lines it adds for VAT too. */
function toPosting({
  account,
  amount: value,
  vatCode,
}: {
  account: string;
  amount: number;
  vatCode: string;
}): HeldPosting {
  const hasCode = vatCode !== '0' && !account.startsWith('27');
  return {
    account: policyAccounts.get(account) ?? account,
    amount: amount(value),
    ...(hasCode ? { vatCode } : {}),
  };
}

function idOf(transactionId: number, simulator: FikenSimulator): string {
  const sale = simulator.company().books.sales.find((one) => one.transactionId === transactionId);
  return sale === undefined ? `transaction-${transactionId}` : `sale-${sale.saleId}`;
}

function transactionOf(id: string, simulator: FikenSimulator): number {
  const [kind, number] = id.split('-');
  const { books } = simulator.company();
  return kind === 'sale' ? books.sale(Number(number)).transactionId : Number(number);
}

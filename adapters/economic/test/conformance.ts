import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { amount } from '@bilag/core';
import { economic, type EconomicConfig } from '@bilag/economic';
import {
  startEconomicSimulator,
  type EconomicLine,
  type EconomicSimulator,
  type HeldEconomicVoucher,
} from '@bilag/simulator-economic';

/** The adapter on the simulated e-conomic, leaving drafts and booking them. */
export const subjects: readonly Subject<EconomicConfig>[] = [subjectOf('draft'), subjectOf('posted')];

function subjectOf(mode: EconomicConfig['mode']): ServiceSubject<EconomicConfig> {
  return {
    adapter: economic,
    variant: `mode: ${mode}`,
    module: new URL('../src/index.ts', import.meta.url),
    chart: {
      currency: 'DKK',
      bank: '55000',
      clearing: '52100',
      fee: '7220',
      sales: [
        { account: '1000', vatCode: 'U25', rateBasisPoints: 2500, vatAccount: '64020' },
        { account: '1020', vatCode: 'U10', rateBasisPoints: 1000, vatAccount: '64025' },
      ],
      missingAccount: '1999',
      reverseCharge: {
        account: '7220',
        vatCode: 'IY25',
        rateBasisPoints: 2500,
        vatAccount: '64030',
        deductionAccount: '64040',
      },
    },
    async open(time) {
      const simulator = await startEconomicSimulator({ now: () => new Date(time.now()) });
      return {
        config: {
          host: simulator.url,
          credentials: 'env:ECONOMIC',
          journal: 7,
          mode,
          clearingAccounts: ['52100'],
          timeoutMs: 1_000,
        },
        credentials: { 'env:ECONOMIC': tokensOf(simulator) },
        server: simulator,
        backDoor: backDoorOf(simulator, mode),
        isPost: ({ method, path }) =>
          method === 'POST' &&
          (mode === 'draft' ? path.endsWith('/draft-entries/bulk') : path.endsWith('/bookdraftentries')),
        pageSize: 400,
        replies: {
          busy: problem(429, 'TooManyRequests', 'You are over your quota.', {
            'x-ratelimiting': 'token-limit-10000-per-60-seconds: 10000/10000',
          }),
          unauthorised: problem(401, 'Unauthorized', 'Access denied.'),
          forbidden: problem(403, 'Forbidden', 'The role is missing.'),
          refused: (words) => problem(400, 'ValidationError', words),
        },
        close: () => simulator.close(),
      };
    },
  };
}

/** The simulator's fake tokens, as a credential holds them. */
export function tokensOf({ credentials }: EconomicSimulator): Record<string, string> {
  const { appSecretToken, agreementGrantTokens } = credentials;
  return { appSecretToken, agreementGrantToken: agreementGrantTokens[1] ?? '' };
}

/** Problem details (RFC 9457), as e-conomic's APIs describe their errors. */
function problem(
  status: number,
  errorCode: string,
  message: string,
  headers: Record<string, string> = {},
): ReturnType<FakeTarget['replies']['refused']> {
  const body = { type: '', title: 'Failed', status, detail: message, errors: [{ message, errorCode }], errorCode };
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify(body) };
}

function backDoorOf(simulator: EconomicSimulator, mode: EconomicConfig['mode']): BackDoor {
  const agreement = simulator.backDoor.agreement();
  return {
    held: () =>
      agreement
        .vouchers()
        .filter(({ isBooked }) => isBooked || mode === 'draft')
        .map(toHeld),
    lockThrough: (date) => agreement.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (id) => agreement.change(Number(id), moved),
    alterNext: () => agreement.alterNext(moved),
  };
}

function toHeld({ voucherNumber, postings, documents }: HeldEconomicVoucher): HeldVoucher {
  const [first] = postings;
  const [reference = '', ...words] = (first?.text ?? '').split(' ');
  return {
    id: String(voucherNumber),
    reference,
    state: 'live',
    document: 'journal',
    date: first?.date ?? ('' as HeldVoucher['date']),
    currency: first?.currency ?? '',
    description: words.join(' '),
    postings: postings.map(({ account, amount: value, vatCode, text }) => ({
      account,
      amount: value,
      text,
      ...(vatCode === undefined ? {} : { vatCode }),
    })),
    files: documents.map(({ note, content }) => ({ name: note, content })),
  };
}

/** One krone more on the first line without VAT, and one less on the next. */
function moved<Line extends EconomicLine>(lines: readonly Line[]): Line[] {
  const plain = lines.flatMap(({ vatCode }, index) => (vatCode === undefined ? [index] : []));
  const [first = 0, second = lines.length - 1] = plain;
  return lines.map((line, index) => {
    if (index === first) return { ...line, amount: amount(line.amount + 100) };
    return index === second ? { ...line, amount: amount(line.amount - 100) } : line;
  });
}

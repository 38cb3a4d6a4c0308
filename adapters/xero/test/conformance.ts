import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { add, amount } from '@bilag/core';
import {
  defaultTaxTypesByCode,
  startXeroSimulator,
  type HeldXeroLine,
  type HeldXeroVoucher,
  type XeroSimulator,
} from '@bilag/simulator-xero';
import { xero, type XeroConfig } from '@bilag/xero';

/** The adapter on the simulated Xero, leaving drafts and posting. */
export const subjects: readonly Subject<XeroConfig>[] = [subjectOf('draft'), subjectOf('posted')];

/** What a config says of a simulator's first organisation, but for the mode. */
export function configFor({ url: host, backDoor }: XeroSimulator): object {
  const { tenant } = backDoor.organisation();
  const common = { credentials: 'file:XERO', taxTypes: defaultTaxTypesByCode, clearingAccounts: ['1579'] };
  return { host, tenant, ...common, timeoutMs: 1_000 };
}

function subjectOf(mode: XeroConfig['mode']): ServiceSubject<XeroConfig> {
  return {
    adapter: xero,
    variant: `mode: ${mode}`,
    module: new URL('../src/index.ts', import.meta.url),
    chart: {
      dimension: { type: 'department', value: '10' },
      // All VAT goes to the one account that Xero keeps for it.
      sales: [
        { account: '3000', vatCode: '3', rateBasisPoints: 2500, vatAccount: '2700' },
        { account: '3030', vatCode: '31', rateBasisPoints: 1500, vatAccount: '2700' },
      ],
    },
    async open(time) {
      const simulator = await startXeroSimulator({ now: () => new Date(time.now()), rateLimit: null });
      return {
        config: { ...configFor(simulator), mode },
        credentials: { 'file:XERO': { ...simulator.credentials } },
        server: simulator,
        backDoor: backDoorOf(simulator),
        isPost: ({ method, path }) => method === 'PUT' && path.endsWith('/ManualJournals'),
        pageSize: 100,
        replies: {
          busy: { status: 429, headers: { 'retry-after': '7', 'x-rate-limit-problem': 'Minute' } },
          unauthorised: gatewayError(401, 'Unauthorized', 'TokenExpired'),
          forbidden: gatewayError(403, 'Forbidden', 'AuthenticationUnsuccessful'),
          refused: (words) => validationError(words),
        },
        close: () => simulator.close(),
      };
    },
  };
}

function gatewayError(status: number, title: string, detail: string): ReturnType<FakeTarget['replies']['refused']> {
  const body = JSON.stringify({ Type: null, Title: title, Status: status, Detail: detail });
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function validationError(words: string): ReturnType<FakeTarget['replies']['refused']> {
  const Elements = [{ ValidationErrors: [{ Message: words }] }];
  const error = { ErrorNumber: 10, Type: 'ValidationException', Message: 'A validation exception occurred', Elements };
  return { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify(error) };
}

function backDoorOf(simulator: XeroSimulator): BackDoor {
  const organisation = simulator.backDoor.organisation();
  return {
    held: () => organisation.journals().map(toHeld),
    lockThrough: (date) => organisation.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (id) => organisation.change(id, moved),
    alterNext: () => organisation.alterNext(moved),
  };
}

/** One krone more on the first line without VAT, and one less on the last of them, or on any. */
function moved(lines: readonly HeldXeroLine[]): HeldXeroLine[] {
  const plain = lines.flatMap(({ taxType }, index) => (taxType === 'NONE' ? [index] : []));
  const first = plain[0] ?? 0;
  const second = plain.find((index) => index !== first) ?? lines.findIndex((_, index) => index !== first);
  return lines.map((line, index) => {
    if (index === first) return { ...line, amount: add(line.amount, amount(100)) };
    return index === second ? { ...line, amount: add(line.amount, amount(-100)) } : line;
  });
}

function toHeld({ id, narration, status, date, postings, attachments }: HeldXeroVoucher): HeldVoucher {
  const [reference = '', ...words] = narration.split(' ');
  const codes = Object.entries(defaultTaxTypesByCode);
  return {
    id,
    reference,
    state: status === 'DELETED' ? 'deleted' : status === 'VOIDED' ? 'reversed' : 'live',
    document: 'journal',
    date,
    currency: 'NOK',
    description: words.join(' '),
    postings: postings.map(({ account, amount: value, taxType, description, tracking }) => {
      const vatCode = codes.find(([, one]) => one === taxType)?.[0];
      const dimensions = Object.fromEntries(Object.entries(tracking).map(([name, one]) => [name.toLowerCase(), one]));
      return { account, amount: value, text: description, dimensions, ...(vatCode !== undefined && { vatCode }) };
    }),
    files: attachments.map(({ fileName, content }) => ({ name: fileName, content })),
  };
}

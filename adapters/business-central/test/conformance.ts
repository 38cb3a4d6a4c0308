import { businessCentral, type BusinessCentralConfig } from '@bilag/business-central';
import type { BackDoor, FakeTarget, HeldVoucher, ServiceSubject, Subject } from '@bilag/conformance';
import { add, amount } from '@bilag/core';
import {
  defaultVatGroupsByCode,
  simulatedTenant,
  startBusinessCentralSimulator,
  type BusinessCentralSimulator,
  type HeldBusinessCentralDocument,
} from '@bilag/simulator-business-central';

/** The adapter on the simulated Business Central, leaving lines in the journal and posting them. */
export const subjects: readonly Subject<BusinessCentralConfig>[] = [subjectOf('draft'), subjectOf('posted')];

/** What a config says of a simulator's company, but for the mode. */
export function configFor(
  { url: host }: Pick<BusinessCentralSimulator, 'url'>,
  company = 'Kaffebaren Eksempel AS',
): object {
  return {
    host,
    tenant: simulatedTenant,
    company,
    credentials: 'env:BUSINESS_CENTRAL',
    journal: 'BILAG',
    vatGroups: defaultVatGroupsByCode,
    clearingAccounts: ['1579'],
    timeoutMs: 1_000,
  };
}

function subjectOf(mode: BusinessCentralConfig['mode']): ServiceSubject<BusinessCentralConfig> {
  return {
    adapter: businessCentral,
    variant: `mode: ${mode}`,
    module: new URL('../src/index.ts', import.meta.url),
    chart: { dimension: { type: 'department', value: '10' } },
    async open(time) {
      const simulator = await startBusinessCentralSimulator({ now: () => new Date(time.now()) });
      return {
        config: { ...configFor(simulator), mode, dimensions: ['DEPARTMENT'] },
        credentials: { 'env:BUSINESS_CENTRAL': { ...simulator.credentials } },
        server: simulator,
        backDoor: backDoorOf(simulator, mode),
        isPost: ({ method, path }) =>
          method === 'POST' && path.endsWith(mode === 'draft' ? '/$batch' : '/Microsoft.NAV.post'),
        pageSize: 500,
        replies: {
          busy: odataError(429, 'Application_TooManyRequests', 'Too many requests.', { 'retry-after': '7' }),
          unauthorised: odataError(401, 'Authentication_InvalidCredentials', 'The credentials are not valid.'),
          forbidden: odataError(403, 'Authorization_InsufficientPermission', 'A permission is missing.'),
          refused: (words) => odataError(400, 'Application_DialogException', words),
        },
        close: () => simulator.close(),
      };
    },
  };
}

/** An error as OData writes it. */
function odataError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): ReturnType<FakeTarget['replies']['refused']> {
  const body = JSON.stringify({ error: { code, message: `${message}  CorrelationId:  5f0c1d8e-0001.` } });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

function backDoorOf(simulator: BusinessCentralSimulator, mode: BusinessCentralConfig['mode']): BackDoor {
  const company = simulator.backDoor.company();
  return {
    held: () =>
      company
        .documents()
        .filter(({ isPosted }) => isPosted || mode === 'draft')
        .map(toHeld),
    lockThrough: (date) => company.lockThrough(date),
    showAfter: (ms) => simulator.listAfter(ms),
    edit: (id) => company.change(id, ([first, second, ...rest]) => [krone(first, 100), krone(second, -100), ...rest]),
    alterNext: () => company.alterNext((line) => ({ ...line, amount: add(line.amount, amount(100)) })),
  };
}

function krone(value = amount(0), ore: number): ReturnType<typeof amount> {
  return add(value, amount(ore));
}

function toHeld({ documentNumber, postings, attachments }: HeldBusinessCentralDocument): HeldVoucher {
  const [first] = postings;
  const [reference = '', ...words] = (first?.description ?? '').split(' ');
  return {
    id: documentNumber,
    reference,
    state: 'live',
    document: 'journal',
    date: first?.postingDate ?? ('' as HeldVoucher['date']),
    currency: 'NOK',
    description: words.join(' '),
    postings: postings.map(({ account, amount: value, description, dimensions }) => ({
      account,
      amount: value,
      text: description,
      dimensions: Object.fromEntries(Object.entries(dimensions).map(([code, one]) => [code.toLowerCase(), one])),
    })),
    files: attachments.map(({ fileName, content }) => ({ name: fileName, content })),
  };
}

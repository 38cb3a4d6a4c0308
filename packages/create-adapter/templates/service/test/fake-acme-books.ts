import {
  FakeBooks,
  FakeRefusal,
  norwegianChart,
  type FakeTarget,
  type FakeVoucher,
  type TargetTime,
} from '@bilag/conformance';
import { bodyText, createFaultServer, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { exactNumber, formatAmount, parseAmount, plainDate } from '@bilag/core';
import { parseJson } from '@bilag/http';

/**
 * A local server that answers as Acme Books does, for tests. Write it from the vendor's documentation and from replies
 * you have seen: what the laws prove, they prove of this.
 */
export async function startFakeAcmeBooks(time: TargetTime): Promise<FakeTarget> {
  const books = new FakeBooks({ now: time.now, view: 'gross', accounts, vatCodes, dimensions: { department: ['10'] } });
  const server = await createFaultServer({ handler: (request) => answer(request, books) });
  return {
    config: { credential: 'fake', baseUrl: server.url, timeoutMs: 1000 },
    credentials: { fake: { token } },
    server,
    backDoor: books,
    isPost: ({ method, path }) => method === 'POST' && path === '/vouchers',
    replies: {
      busy: jsonReply(429, { error: { code: 'busy', message: 'not so fast' } }, { 'retry-after': '7' }),
      unauthorised: refusal(401, 'unauthorised', 'who is it?'),
      forbidden: refusal(403, 'forbidden', 'not for you'),
      refused: (words) => refusal(422, 'unbalanced', words),
    },
    close: () => server.close(),
  };
}

const token = 'fake-token-of-acme-books';
const { bank, clearing, fee, sales } = norwegianChart;
const accounts = [
  bank,
  clearing,
  fee,
  ...new Set(sales.flatMap(({ account, vatAccount }) => (vatAccount === null ? [account] : [account, vatAccount]))),
];
const vatCodes = sales.map(({ vatCode, rateBasisPoints, vatAccount }) => ({
  code: vatCode,
  rateBasisPoints,
  account: vatAccount,
}));

function answer(request: ServerRequest, books: FakeBooks): ServerReply {
  if (request.headers['authorization'] !== `Bearer ${token}`) return refusal(401, 'unauthorised', 'who is it?');
  try {
    return answerBy(request, books);
  } catch (error) {
    if (!(error instanceof FakeRefusal)) throw error;
    return refusalOf(error);
  }
}

function answerBy(request: ServerRequest, books: FakeBooks): ServerReply {
  const { method, path, query } = request;
  const [, id = '', part] = /^\/vouchers\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  switch (`${method} ${id === '' ? path : `/vouchers/:id${part === undefined ? '' : `/${part}`}`}`) {
    case 'GET /company':
      return jsonReply(200, { id: 'company-1', name: 'Eksempel AS', organisationNumber: '987654321' });
    case 'GET /chart':
      return jsonReply(200, chart);
    case 'POST /vouchers':
      return jsonReply(201, { id: books.commit(entryOf(numbersAsText(bodyText(request)))).id });
    case 'GET /vouchers':
      return jsonReply(
        200,
        searched(query, books).map((voucher) => shown(voucher, books)),
      );
    case 'GET /vouchers/:id':
      return jsonReply(200, shown(books.voucher(id), books));
    case 'POST /vouchers/:id/reverse': {
      const { date, reference } = JSON.parse(bodyText(request)) as { date: string; reference: string };
      return jsonReply(201, { id: books.reverse(id, plainDate(date), reference).id });
    }
    case 'GET /vouchers/:id/files':
      return jsonReply(200, books.fileNames(id));
    case 'POST /vouchers/:id/files':
      books.attach(id, { name: decodeURIComponent(request.headers['x-file-name'] ?? ''), content: request.body });
      return jsonReply(201, {});
    default:
      return refusal(404, 'not_found', 'there is no such address');
  }
}

function searched(query: URLSearchParams, books: FakeBooks): FakeVoucher[] {
  const reference = query.get('reference');
  if (reference !== null) return books.find(reference);
  const found = books.list(plainDate(query.get('from') ?? ''), plainDate(query.get('to') ?? ''));
  const start = (Number(query.get('page')) - 1) * 100;
  return found.slice(start, start + 100);
}

/** What comes over the wire, with every number as its own text. */
interface SentVoucher {
  readonly reference: string;
  readonly date: string;
  readonly text: string;
  readonly lines: readonly {
    readonly account: string;
    readonly amount: string;
    readonly vatCode?: string;
    readonly department?: string;
    readonly text?: string;
  }[];
}

function numbersAsText(text: string): SentVoucher {
  return parseJson(text, { where: 'the request', numbers: 'text' }) as SentVoucher;
}

function entryOf({ reference, date, text, lines }: SentVoucher): Parameters<FakeBooks['commit']>[0] {
  return {
    reference,
    date: plainDate(date),
    currency: 'NOK',
    description: text,
    lines: lines.map(({ amount, vatCode, department, text: lineText, account }) => ({
      account,
      amount: parseAmount(amount),
      ...(vatCode === undefined ? {} : { vatCode }),
      ...(department === undefined ? {} : { dimensions: { department } }),
      ...(lineText === undefined ? {} : { text: lineText }),
    })),
  };
}

function shown({ id, reference, date, description, state, reverses, lines }: FakeVoucher, books: FakeBooks): unknown {
  return {
    id,
    number: Number(id),
    reference,
    date,
    text: description,
    state,
    reverses,
    reversedBy: books.held().find((held) => held.reverses === id)?.id,
    lines: lines.map(({ account, amount, vatCode, dimensions }) => ({
      account,
      amount: exactNumber(formatAmount(amount)),
      vatCode,
      department: dimensions?.['department'],
    })),
  };
}

function refusalOf({ reason, line }: FakeRefusal): ServerReply {
  if (reason === 'not-found') return refusal(404, 'not_found', 'there is no such voucher');
  const codes: Partial<Record<FakeRefusal['reason'], string>> = {
    locked: 'period_closed',
    'unknown-dimension': 'unknown_department',
  };
  const code = codes[reason] ?? reason.replaceAll('-', '_');
  return refusal(422, code, reason.replaceAll('-', ' '), line);
}

function refusal(status: number, code: string, message: string, line?: number): ServerReply {
  return jsonReply(status, { error: { code, message, ...(line === undefined ? {} : { line: line + 1 }) } });
}

const chart = {
  accounts: accounts.map((number) => ({ number, name: `Account ${number}` })),
  vatCodes: vatCodes.map(({ code, rateBasisPoints }) => ({ code, name: `VAT ${code}`, rateBasisPoints })),
  departments: [{ id: '10', name: 'Servering' }],
};

import {
  formatAmount,
  isPlainDate,
  parseAmount,
  plainDate,
  type Dedupe,
  type PlainDate,
  type VatView,
} from '@bilag/core';
import {
  FakeBooks,
  FakeRefusal,
  norwegianChart,
  type FakeTarget,
  type FakeVoucher,
  type TargetTime,
} from '@bilag/conformance';
import {
  bodyText,
  createFaultServer,
  jsonReply,
  type Handler,
  type ServerReply,
  type ServerRequest,
} from '@bilag/fault-server';

/** What a sample target is like. */
export interface SampleRules {
  readonly view: VatView;
  readonly dedupe: Dedupe;
  /** Whether it has departments. */
  readonly hasDepartments: boolean;
}

/** The one token the sample knows. */
const token = 'sample-token-8f3a91c07d';

/** An accounting system in a hundred lines: JSON over HTTP, kroner as text, a reference on every voucher. */
export async function openSampleTarget(rules: SampleRules, time: TargetTime): Promise<FakeTarget> {
  const api = new SampleApi(rules, time);
  const server = await createFaultServer({ handler: api.answer });
  return {
    config: { url: server.url, credential: 'memory:sample', timeoutMs: 200 },
    credentials: { 'memory:sample': { token } },
    server,
    backDoor: api.books,
    isPost: ({ method, path }) => method === 'POST' && /^\/vouchers$|\/booking$/.test(path),
    pageSize,
    replies: {
      busy: jsonReply(429, { reason: 'busy' }, { 'retry-after': '7' }),
      unauthorised: jsonReply(401, { reason: 'token' }),
      forbidden: jsonReply(403, { reason: 'right' }),
      refused: (words) => jsonReply(422, { reason: 'malformed', words }),
    },
    close: () => server.close(),
  };
}

const pageSize = 5;
const { bank, clearing, fee, sales } = norwegianChart;
const accounts = [bank, clearing, fee, '2700', '2701', ...sales.map(({ account }) => account)];
const vatCodes = sales.map(({ vatCode, rateBasisPoints, vatAccount }) => ({
  code: vatCode,
  rateBasisPoints,
  account: vatAccount,
}));

/** A voucher as it is sent and shown. */
interface SentVoucher {
  readonly reference: string;
  readonly document: 'sale' | 'journal';
  readonly date: string;
  readonly currency: string;
  readonly description: string;
  readonly lines: readonly {
    readonly account: string;
    readonly amount: string;
    readonly vatCode?: string;
    readonly dimensions?: Readonly<Record<string, string>>;
    readonly text?: string;
  }[];
}

class SampleApi {
  readonly books: FakeBooks;
  readonly #rules: SampleRules;
  readonly #time: TargetTime;
  readonly #keys: Map<string, { readonly id: string; readonly until: number }> = new Map();
  readonly #drafts: SentVoucher[] = [];
  #lockedThrough: PlainDate | undefined;

  constructor(rules: SampleRules, time: TargetTime) {
    this.#rules = rules;
    this.#time = time;
    this.books = new FakeBooks({
      now: time.now,
      view: rules.view,
      accounts,
      vatCodes,
      dimensions: rules.hasDepartments ? { department: ['10'] } : {},
      isReferenceUnique: rules.dedupe.by === 'server-reference',
    });
    const lock = this.books.lockThrough.bind(this.books);
    this.books.lockThrough = (date) => {
      this.#lockedThrough = date;
      lock(date);
    };
  }

  readonly answer: Handler = (request) => {
    try {
      if (request.headers['authorization'] !== `Bearer ${token}`) return jsonReply(401, { reason: 'token' });
      return this.#answer(request);
    } catch (error) {
      if (error instanceof FakeRefusal) return refusalReply(error);
      throw error;
    }
  };

  #answer(request: ServerRequest): ServerReply {
    const [, resource = '', id = '', part = ''] = request.path.split('/');
    switch (`${request.method} ${resource}${id === '' ? '' : '/:id'}${part === '' ? '' : `/${part}`}`) {
      case 'GET company':
        return jsonReply(200, { id: 'company-7', name: 'Kafé Eksempel AS', number: '999999999' });
      case 'GET chart':
        return jsonReply(200, this.#chart());
      case 'POST drafts':
        return jsonReply(201, { id: String(this.#drafts.push(JSON.parse(bodyText(request)) as SentVoucher) - 1) });
      case 'GET drafts':
        return jsonReply(200, this.#draftsOf(request.query.get('reference') ?? ''));
      case 'POST drafts/:id/booking':
        return this.#bookDraft(Number(id));
      case 'POST vouchers':
        return this.#post(JSON.parse(bodyText(request)) as SentVoucher, request.headers['idempotency-key'] ?? '');
      case 'GET vouchers':
        return this.#search(request.query);
      case 'GET vouchers/:id':
        return jsonReply(200, shown(this.books.voucher(id)));
      case 'POST vouchers/:id/reversal': {
        const { date, reference } = JSON.parse(bodyText(request)) as { date: string; reference: string };
        return jsonReply(201, { id: this.books.reverse(id, plainDate(date), reference).id });
      }
      case 'GET vouchers/:id/files':
        return jsonReply(200, this.books.fileNames(id));
      case 'POST vouchers/:id/files':
        this.books.attach(id, { name: request.query.get('name') ?? '', content: request.body });
        return { status: 204 };
      default:
        return jsonReply(404, { reason: 'not-found' });
    }
  }

  #chart(): unknown {
    return {
      accounts,
      vatCodes,
      departments: this.#rules.hasDepartments ? ['10'] : [],
      lockedThrough: this.#lockedThrough,
    };
  }

  #draftsOf(reference: string): unknown {
    return this.#drafts.flatMap((draft, index) =>
      draft.reference === reference ? [{ ...draft, id: String(index), state: 'live' }] : [],
    );
  }

  /** What is booked is no draft any more. */
  #bookDraft(index: number): ServerReply {
    const draft = this.#drafts[index];
    if (draft === undefined) return jsonReply(404, { reason: 'not-found' });
    const reply = this.#post(draft, '');
    delete this.#drafts[index];
    return reply;
  }

  #post(sent: SentVoucher, key: string): ServerReply {
    const { dedupe } = this.#rules;
    const known = dedupe.by === 'server-key' ? this.#keys.get(key) : undefined;
    if (known !== undefined && known.until > this.#time.now()) return jsonReply(200, { id: known.id });
    if (!isPlainDate(sent.date) || sent.description.length > 200) return jsonReply(422, { reason: 'malformed' });
    const { id } = this.books.commit({
      ...sent,
      date: sent.date,
      lines: sent.lines.map((line) => ({ ...line, amount: parseAmount(line.amount) })),
    });
    if (dedupe.by === 'server-key') this.#keys.set(key, { id, until: this.#time.now() + dedupe.keptMs });
    return jsonReply(201, { id });
  }

  #search(query: URLSearchParams): ServerReply {
    const reference = query.get('reference');
    const page = Number(query.get('page') ?? 0);
    const found =
      reference === null
        ? this.books.list(plainDate(query.get('from') ?? ''), plainDate(query.get('to') ?? ''))
        : // As many do, it shows everything that begins like it, capital or not.
          this.books
            .list(plainDate('1900-01-01'), plainDate('2999-12-31'))
            .filter((one) => one.reference.toUpperCase().startsWith(reference.toUpperCase()));
    const vouchers = found.slice(page * pageSize, (page + 1) * pageSize).map(shown);
    return jsonReply(200, { vouchers, isLast: (page + 1) * pageSize >= found.length });
  }
}

function shown({ lines, ...voucher }: FakeVoucher): unknown {
  return { ...voucher, lines: lines.map((line) => ({ ...line, amount: formatAmount(line.amount) })) };
}

function refusalReply({ reason, line, id }: FakeRefusal): ServerReply {
  const status = { locked: 423, duplicate: 409, 'not-found': 404 }[reason as string] ?? 422;
  return jsonReply(status, { reason, line, id });
}

import {
  createFaultServer,
  jsonReply,
  type ServerReply,
  type ServerRequest,
  type Simulator,
  type SimulatorOptions,
} from '@bilag/fault-server';
import { BilagError } from '@bilag/core';
import {
  fakeFikenCredentials,
  FikenAccess,
  type FikenCredentials,
  type FikenTokenRules,
} from './server/fiken-access.ts';
import { FikenCompanyApi } from './server/fiken-api.ts';
import { FikenCompany, type FikenCompanyOptions } from './books/fiken-company.ts';
import { Pace, type PaceRules } from './server/fiken-pace.ts';
import { pageReply } from './server/fiken-pages.ts';
import { fikenError, FikenRefusal, fikenTexts } from './fiken-replies.ts';
import type { VatRounding } from './books/fiken-vat.ts';

/** What a simulated Fiken is made of; everything has a default. */
export interface FikenSimulatorOptions extends SimulatorOptions {
  /** `bilag-test-as` by default. Each has ids and books of its own. */
  readonly companies?: readonly FikenCompanyOptions[];
  /** The clock of creation dates, tokens, the search index and the pace, in milliseconds; real time by default. */
  readonly now?: () => number;
  /** How long a new posting is missing from listings. 0 by default; Fiken says nothing of it. */
  readonly listedAfterMs?: number;
  readonly tokens?: Partial<FikenTokenRules>;
  readonly rounding?: Partial<VatRounding>;
  /** How long a request is being worked on; another that comes meanwhile is refused. 1 ms by default. */
  readonly workMs?: number;
  /** What is done above four requests a second: `slow`, the default, as Fiken says of itself. */
  readonly aboveFourPerSecond?: PaceRules['aboveFourPerSecond'];
  /** Waits for the pace too; real time by default. */
  readonly sleep?: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  /** Shown every request and its reply, for checks against a specification. */
  readonly onExchange?: (request: ServerRequest, reply: ServerReply) => void;
}

/** A running simulator. */
export interface FikenSimulator extends Simulator {
  /** In place of `https://fiken.no`. */
  readonly url: string;
  /** In place of `https://api.fiken.no/api/v2`. */
  readonly baseUrl: string;
  /** In place of `https://fiken.no/oauth/token`. */
  readonly tokenUrl: string;
  readonly credentials: FikenCredentials;
  readonly access: FikenAccess;
  readonly pace: Pace;
  /** The back door of a company, of the first one by default. Errors: `not-found`. */
  company(slug?: string): FikenCompany;
  /** Changes how long a new posting is missing from listings. */
  listAfter(ms: number): void;
}

/**
 * Starts a local server that answers as Fiken does: net amounts on coded sides, VAT lines of its own, an empty 201 whose
 * address is a transaction, listings that lag behind, locked periods. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken.
 *
 * @example
 * ```ts
 * import { startFikenSimulator } from '@bilag/simulator-fiken';
 *
 * const fiken = await startFikenSimulator();
 * const headers = { authorization: `Bearer ${fiken.credentials.token}` };
 * const reply = await fetch(`${fiken.baseUrl}/companies/bilag-test-as`, { headers });
 * const company = (await reply.json()) as { readonly slug: string };
 * await fiken.close();
 * [reply.status, company.slug]; // => [200, 'bilag-test-as']
 * ```
 */
export async function startFikenSimulator(options: FikenSimulatorOptions = {}): Promise<FikenSimulator> {
  const now = options.now ?? Date.now;
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  let listedAfterMs = options.listedAfterMs ?? 0;
  let baseUrl = '';
  const rounding: VatRounding = { half: 'up', of: 'line', ...options.rounding };
  const companies = (options.companies ?? [testCompany]).map(
    (company, index) =>
      new FikenCompany(company, {
        now,
        listedAfterMs: () => listedAfterMs,
        rounding,
        firstId: 734_083_000 + index * 1_000_000,
      }),
  );
  const access = new FikenAccess(
    fakeFikenCredentials,
    { expiresInSeconds: 3600, rotatesRefreshTokens: true, ...options.tokens },
    now,
  );
  const pace = new Pace({
    now,
    sleep,
    workMs: options.workMs ?? 1,
    aboveFourPerSecond: options.aboveFourPerSecond ?? 'slow',
  });
  const api = new FikenApi(companies, access, () => baseUrl);
  const server = await createFaultServer({
    handler: async (request) => {
      // Tokens come from another host, which nothing is said of.
      const isToken = request.path === '/oauth/token';
      const paced = isToken ? api.answer(request) : await pace.run(() => api.answer(request));
      const reply = paced ?? fikenError(429, 'Too many requests');
      options.onExchange?.(request, reply);
      return reply;
    },
    port: options.port,
    sleep: options.sleep,
  });
  baseUrl = `${server.url}/api/v2`;
  return {
    ...server,
    baseUrl,
    tokenUrl: `${server.url}/oauth/token`,
    credentials: fakeFikenCredentials,
    access,
    pace,
    company: (slug) => companyOf(companies, slug),
    listAfter: (ms) => void (listedAfterMs = ms),
  };
}

const testCompany: FikenCompanyOptions = {
  slug: 'bilag-test-as',
  name: 'Bilag Test AS',
  organizationNumber: '999999999',
};

/** From request to reply. */
class FikenApi {
  readonly #companies: readonly FikenCompany[];
  readonly #access: FikenAccess;
  readonly #baseUrl: () => string;

  constructor(companies: readonly FikenCompany[], access: FikenAccess, baseUrl: () => string) {
    this.#companies = companies;
    this.#access = access;
    this.#baseUrl = baseUrl;
  }

  answer(request: ServerRequest): ServerReply {
    try {
      return this.#answer(request);
    } catch (error) {
      if (error instanceof FikenRefusal) return fikenError(error.status, error.message);
      throw error;
    }
  }

  #answer(request: ServerRequest): ServerReply {
    if (request.path === '/oauth/token') return this.#access.tokenReply(request);
    if (!this.#access.mayEnter(request)) return fikenError(401, 'Unauthorized');
    if (request.path === '/api/v2/user') return jsonReply(200, { name: 'Test Testesen', email: 'test@example.com' });
    const granted = this.#companies.filter(({ isGranted }) => isGranted);
    if (request.path === '/api/v2/companies') {
      return pageReply(
        request.query,
        granted.map((company) => company.shown()),
      );
    }
    const [, slug = '', rest = ''] = /^\/api\/v2\/companies\/([^/]+)(\/.*)?$/.exec(request.path) ?? [];
    const company = this.#companies.find((one) => one.slug === slug);
    if (company === undefined) throw new FikenRefusal(404, 'Not found');
    if (!company.isGranted) throw new FikenRefusal(403, 'Forbidden');
    if (!company.hasApiAccess && rest !== '') throw new FikenRefusal(402, fikenTexts.moduleMissing);
    if (company.counterIsMissing && request.method !== 'GET') throw new FikenRefusal(401, fikenTexts.counterMissing);
    return new FikenCompanyApi(company, this.#baseUrl).answer(request, rest);
  }
}

function companyOf(companies: readonly FikenCompany[], slug: string | undefined): FikenCompany {
  const found = slug === undefined ? companies[0] : companies.find((company) => company.slug === slug);
  if (found !== undefined) return found;
  throw new BilagError('not-found', {
    what: `there is no company "${slug ?? ''}"`,
    where: 'FikenSimulator.company()',
    action: 'ask for one of the companies the simulator was started with',
  });
}

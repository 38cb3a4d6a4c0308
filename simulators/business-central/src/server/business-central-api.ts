import type { ServerReply, ServerRequest } from '@bilag/fault-server';
import type { BusinessCentralCompany } from '../books/business-central-company.ts';
import { badRequest, BusinessCentralRefusal, noSuch } from '../books/business-central-refusal.ts';
import { readLine } from '../books/line-checks.ts';
import { simulatedEnvironment, simulatedTenant } from '../business-central-options.ts';
import type { BusinessCentralAccess } from './business-central-access.ts';
import { attachmentsReply, noMatch } from './business-central-attachments.ts';
import { batchReply } from './business-central-batch.ts';
import { jsonOf, type InnerRequest } from './inner-request.ts';
import {
  accountingPeriods,
  accounts,
  companies,
  companyInformation,
  dimensions,
  generalLedgerEntries,
  generalLedgerSetup,
  journalLines,
  journals,
  lineObject,
  taxGroups,
} from './business-central-objects.ts';
import { objectReply, refusalReply } from './business-central-replies.ts';
import { listReply, type Listing } from './odata-lists.ts';

/** How the simulator shows and does things. */
export interface BusinessCentralHabits {
  /** Whether what was made then is shown to this reader. */
  isShown(createdAt: number, onReplica: boolean): boolean;
  readonly isolatesBatches: boolean;
  readonly pageRows: number;
}

const base = `/v2.0/${simulatedTenant}/${simulatedEnvironment}/api/v2.0/`;

/** From request to reply. */
export class BusinessCentralApi {
  readonly #access: BusinessCentralAccess;
  readonly #companies: readonly BusinessCentralCompany[];
  readonly #habits: BusinessCentralHabits;

  constructor(access: BusinessCentralAccess, all: readonly BusinessCentralCompany[], habits: BusinessCentralHabits) {
    this.#access = access;
    this.#companies = all;
    this.#habits = habits;
  }

  answer(request: ServerRequest): ServerReply {
    if (request.path === `/${simulatedTenant}/oauth2/v2.0/token`) return this.#access.tokenReply(request);
    if (!this.#access.isOpen(request)) {
      const message = 'The server has rejected the client credentials.';
      return refusalReply({ status: 401, code: 'Authentication_InvalidCredentials', message });
    }
    const waitSeconds = this.#access.waitSeconds();
    if (waitSeconds !== undefined) {
      const message = 'The request was not completed. Too many requests.';
      const about = { status: 429, code: 'Application_TooManyRequests', message };
      return refusalReply(about, { 'retry-after': String(waitSeconds) });
    }
    const path = decodeURIComponent(request.path);
    if (!path.startsWith(base)) return refusalReply(noSuch(path));
    const inner = { ...request, path: path.slice(base.length) };
    if (inner.path !== '$batch') return this.#innerReply(inner);
    return refusing(() =>
      batchReply(request, {
        answer: (one) => this.#innerReply(one),
        companies: this.#companies,
        isolates: this.#habits.isolatesBatches,
      }),
    );
  }

  #innerReply(request: InnerRequest): ServerReply {
    return refusing(() => {
      const { path, method, query } = request;
      const place = { url: `${base}${path}`, pageRows: this.#habits.pageRows };
      if (path === 'companies' && method === 'GET') return listReply(companies(this.#companies), query, place);
      const [, id, rest = ''] = /^companies\(([\w-]+)\)\/(.+)$/.exec(path) ?? [];
      const company = this.#companies.find((one) => one.id === id);
      if (company === undefined) throw noSuch(path);
      if (company.options.withoutPermissions === true) throw noPermission();
      const reply =
        this.#journals(rest, request, company, place) ??
        (method === 'GET' ? this.#registers(rest, request, company, place) : undefined) ??
        attachmentsReply(rest, request, company);
      if (reply === undefined) throw noSuch(rest);
      return reply;
    });
  }

  #journals(
    rest: string,
    request: InnerRequest,
    company: BusinessCentralCompany,
    place: Parameters<typeof listReply>[2],
  ): ServerReply | undefined {
    const { method, query, headers } = request;
    if (rest === 'journalLines')
      throw badRequest('You must specify a journal batch ID or a journal ID to get a journal line.');
    const [, id = '', what = '', line] = /^journals\(([\w-]+)\)\/([\w.]+)(?:\(([\w-]+)\))?$/.exec(rest) ?? [];
    switch (`${method} ${what}${line === undefined ? '' : '(id)'}`) {
      case 'GET journalLines': {
        const { id: journal } = company.journal(id);
        const rows = company.lines.filter((one) => one.journal === journal && this.#isShown(one, headers));
        return listReply(journalLines(rows), query, place);
      }
      case 'POST journalLines':
        return objectReply(201, lineObject(company.insert(readLine(jsonOf(request), id, company))));
      case 'DELETE journalLines(id)':
        if (headers['if-match'] === undefined) throw noMatch();
        company.deleteLine(line ?? '');
        return { status: 204 };
      case 'POST Microsoft.NAV.post':
        company.post(id);
        return { status: 204 };
      default:
        return undefined;
    }
  }

  #registers(
    rest: string,
    { query, headers }: InnerRequest,
    company: BusinessCentralCompany,
    place: Parameters<typeof listReply>[2],
  ): ServerReply | undefined {
    const shown = <Row>(listing: Listing<Row>): ServerReply => listReply(listing, query, place);
    switch (rest) {
      case 'companyInformation':
        return shown(companyInformation(company));
      case 'generalLedgerSetup':
        return shown(generalLedgerSetup(company));
      case 'accountingPeriods':
        return shown(accountingPeriods(company));
      case 'accounts':
        return shown(accounts(company));
      case 'taxGroups':
        return shown(taxGroups(company));
      case 'dimensions':
        return shown(dimensions(company));
      case 'journals':
        return shown(journals(company));
      case 'generalLedgerEntries':
        return shown(generalLedgerEntries(company.entries.filter((one) => this.#isShown(one, headers))));
      default:
        return undefined;
    }
  }

  #isShown({ createdAt }: { readonly createdAt: number }, headers: ServerRequest['headers']): boolean {
    return this.#habits.isShown(createdAt, headers['data-access-intent']?.toLowerCase() !== 'readwrite');
  }
}

function refusing(work: () => ServerReply): ServerReply {
  try {
    return work();
  } catch (error) {
    if (error instanceof BusinessCentralRefusal) return refusalReply(error);
    throw error;
  }
}

function noPermission(): BusinessCentralRefusal {
  const message = 'The app has no permission to read the company.';
  return new BusinessCentralRefusal(403, 'Authorization_InsufficientPermission', message);
}

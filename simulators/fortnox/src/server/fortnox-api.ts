import { isPlainDate } from '@bilag/core';
import { formParts, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { FortnoxCompany } from '../books/fortnox-company.ts';
import { FortnoxRefusal } from '../books/fortnox-refusal.ts';
import type { HeldFortnoxVoucher } from '../books/held-voucher.ts';
import { sieFile } from '../books/sie-file.ts';
import { readVoucher, wrappedIn } from '../books/voucher-checks.ts';
import type { FortnoxAccess } from './fortnox-access.ts';
import {
  accountObject,
  companyObject,
  connectionObject,
  fileObject,
  seriesObject,
  voucherHead,
  voucherObject,
  yearObject,
} from './fortnox-objects.ts';
import { gatewayReply, listReply, refusalReply } from './fortnox-replies.ts';

/** From request to reply. */
export class FortnoxApi {
  readonly #access: FortnoxAccess;
  readonly #isShown: (since: number) => boolean;

  constructor(access: FortnoxAccess, isShown: (since: number) => boolean) {
    this.#access = access;
    this.#isShown = isShown;
  }

  answer(request: ServerRequest): ServerReply {
    if (request.path === '/oauth-v1/token') return this.#access.tokenReply(request);
    const company = this.#access.companyOf(request);
    if (company === undefined) return gatewayReply(401, 'unauthorized');
    if (this.#access.isTooMany(request)) return gatewayReply(429, 'Too Many Requests');
    try {
      const reply = this.#vouchers(request, company) ?? registers(request, company) ?? files(request, company);
      return reply ?? gatewayReply(404, 'no Route matched with those values');
    } catch (error) {
      if (error instanceof FortnoxRefusal) return refusalReply(error);
      throw error;
    }
  }

  #vouchers({ method, path, query, body }: ServerRequest, company: FortnoxCompany): ServerReply | undefined {
    const [, resource, first = '', second = ''] = /^\/3\/(vouchers|sie)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    if (resource === undefined) return undefined;
    company.ask('bookkeeping');
    const year = yearIn(query, company);
    if (path.startsWith('/3/sie/')) return this.#sie(company, year);
    if (method === 'POST') return jsonReply(201, voucherObject(company.post(readVoucher(body, year, company))));
    if (first !== '' && first !== 'sublist') {
      return jsonReply(200, voucherObject(company.voucher(decodeURIComponent(first), Number(second), year)));
    }
    const found = this.#shownIn(company, year)
      .filter(({ series }) => second === '' || series === decodeURIComponent(second))
      .toSorted((a, b) => a.number - b.number);
    return listReply('Vouchers', found.map(voucherHead), query);
  }

  #sie(company: FortnoxCompany, year: number): ServerReply {
    const held = company.years.find(({ id }) => id === year);
    if (held === undefined) throw new FortnoxRefusal(404, 2000479, 'Räkenskapsåret hittades inte.');
    const headers = { 'content-type': 'application/octet-stream' };
    return { status: 200, headers, body: sieFile(company, held, this.#shownIn(company, year)) };
  }

  #shownIn({ vouchers }: FortnoxCompany, wanted: number): HeldFortnoxVoucher[] {
    return vouchers.filter(({ year, createdAt }) => year === wanted && this.#isShown(createdAt));
  }
}

/** Without one it is the year that somebody chose in Fortnox: the last one here. */
function yearIn(query: URLSearchParams, { years }: FortnoxCompany): number {
  const given = query.get('financialyear') ?? query.get('financialYear');
  return given === null ? (years.at(-1)?.id ?? 0) : Number(given);
}

function registers({ method, path, query }: ServerRequest, company: FortnoxCompany): ServerReply | undefined {
  if (method !== 'GET') return undefined;
  const [, code] = /^\/3\/voucherseries\/([^/]+)$/.exec(path) ?? [];
  if (code !== undefined) {
    company.ask('bookkeeping');
    const series = company.series.get(decodeURIComponent(code));
    if (series === undefined) throw new FortnoxRefusal(404, 2000594, `Verifikationsserien ${code} finns inte.`);
    return jsonReply(200, { VoucherSeries: seriesObject(series) });
  }
  switch (path) {
    case '/3/companyinformation':
      company.ask('companyinformation');
      return jsonReply(200, companyObject(company));
    case '/3/financialyears': {
      company.ask('bookkeeping');
      const date = query.get('Date') ?? '';
      const found = company.years.filter(({ from, to }) => !isPlainDate(date) || (from <= date && date <= to));
      return listReply('FinancialYears', found.map(yearObject), query);
    }
    case '/3/accounts':
      company.ask('bookkeeping');
      return listReply('Accounts', [...company.accounts.values()].map(accountObject), query);
    case '/3/settings/lockedperiod': {
      company.ask('settings');
      const { lockedThrough } = company;
      return jsonReply(200, { LockedPeriod: lockedThrough === undefined ? {} : { EndDate: lockedThrough } });
    }
    case '/3/costcenters': {
      company.ask('costcenter');
      const found = Object.entries(company.options.costCenters ?? {});
      return listReply(
        'CostCenters',
        found.map(([Code, Description]) => ({ Code, Description, Active: true })),
        query,
      );
    }
    case '/3/projects': {
      company.ask('project');
      const found = Object.entries(company.options.projects ?? {});
      return listReply(
        'Projects',
        found.map(([ProjectNumber, Description]) => ({ ProjectNumber, Description, Status: 'ONGOING' })),
        query,
      );
    }
    default:
      return undefined;
  }
}

function files(
  { method, path, query, headers, body }: ServerRequest,
  company: FortnoxCompany,
): ServerReply | undefined {
  const [, id] = /^\/3\/archive\/([^/]+)$/.exec(path) ?? [];
  if (id !== undefined && method === 'GET') {
    company.ask('archive');
    const file = company.files.get(id);
    if (file === undefined) throw new FortnoxRefusal(404, 2000030, 'Filen hittades inte.');
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file.content };
  }
  const isConnected = (fileId: string): boolean => company.connections.some((one) => one.fileId === fileId);
  switch (`${method} ${path}`) {
    case 'GET /3/inbox': {
      company.ask('inbox');
      const waiting = [...company.files.values()].filter((file) => !isConnected(file.id));
      return jsonReply(200, { Folder: { Id: 'root', Name: 'root', Files: waiting.map(fileObject), Folders: [] } });
    }
    case 'POST /3/inbox': {
      company.ask('inbox');
      const file = formParts(headers['content-type'], body)?.find(({ name }) => name === 'file');
      const name = file?.filename ?? '';
      if (file === undefined || !/\.(?:pdf|jpe?g|png)$/i.test(name))
        throw new FortnoxRefusal(400, 2000031, 'Filtypen stöds inte.');
      const held = { id: `f0f0-${company.files.size + 1}`, name, content: new Uint8Array(file.bytes) };
      company.files.set(held.id, held);
      return jsonReply(201, { File: fileObject(held) });
    }
    case 'GET /3/voucherfileconnections':
      company.ask('connectfile');
      return listReply('VoucherFileConnections', company.connections.map(connectionObject), query);
    case 'POST /3/voucherfileconnections': {
      company.ask('connectfile');
      return jsonReply(201, { VoucherFileConnection: connect(wrappedIn(body, 'VoucherFileConnection'), company) });
    }
    default:
      return undefined;
  }
}

function connect(sent: Readonly<Record<string, unknown>>, company: FortnoxCompany): object {
  const [fileId, series] = [String(sent['FileId']), String(sent['VoucherSeries'])];
  const [number, year] = [Number(sent['VoucherNumber']), Number(sent['VoucherYear'])];
  if (!company.files.has(fileId)) throw new FortnoxRefusal(400, 2000030, 'Filen hittades inte.');
  if (company.connections.some((one) => one.fileId === fileId))
    throw new FortnoxRefusal(400, 2000013, 'Filen är redan kopplad.');
  company.voucher(series, number, year);
  const connection = { fileId, series, number, year };
  company.connections.push(connection);
  return connectionObject(connection);
}

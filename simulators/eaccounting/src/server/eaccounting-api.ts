import { jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { EAccountingCompany } from '../books/eaccounting-company.ts';
import { EAccountingRefusal, invalid } from '../books/eaccounting-refusal.ts';
import type { HeldEAccountingVoucher } from '../books/held-voucher.ts';
import { readObject, readVoucher } from '../books/voucher-checks.ts';
import type { EAccountingAccess } from './eaccounting-access.ts';
import {
  accountObjects,
  fileObject,
  projectObjects,
  settingsObject,
  voucherObject,
  yearObjects,
} from './eaccounting-objects.ts';

/** From request to reply. */
export class EAccountingApi {
  readonly #access: EAccountingAccess;
  readonly #isShown: (since: number) => boolean;
  readonly #takesTextFilters: boolean;

  constructor(access: EAccountingAccess, isShown: (since: number) => boolean, takesTextFilters: boolean) {
    this.#access = access;
    this.#isShown = isShown;
    this.#takesTextFilters = takesTextFilters;
  }

  answer(request: ServerRequest): ServerReply {
    if (request.path === '/connect/token') return this.#access.tokenReply(request);
    const company = this.#access.companyOf(request);
    if (company === undefined) return refusal(401, 4000, 'The token is not valid.');
    const wait = this.#access.waitFor(request);
    if (wait !== undefined) {
      return refusal(
        429,
        4010,
        `API calls quota exceeded! maximum admitted 600 per Minute. Try again in ${wait} seconds.`,
      );
    }
    try {
      return this.#vouchers(request, company) ?? registers(request, company) ?? files(request, company) ?? notThere();
    } catch (error) {
      if (error instanceof EAccountingRefusal) return refusal(error.status, error.code, error.message, error.field);
      throw error;
    }
  }

  #vouchers({ method, path, query, body }: ServerRequest, company: EAccountingCompany): ServerReply | undefined {
    const [, resource, first, second] =
      /^\/v2\/(vouchers|voucherdrafts)(?:\/([\w-]+))?(?:\/([\w-]+))?$/.exec(path) ?? [];
    if (resource === undefined) return undefined;
    company.ask('ea:accounting');
    const isDraft = resource === 'voucherdrafts';
    const one = (held: HeldEAccountingVoucher, status = 200): ServerReply =>
      jsonReply(status, voucherObject(company, held));
    if (method === 'POST' && first === undefined) {
      refuseReadOnly(company);
      const takesSeries = isDraft || query.get('useDefaultVoucherSeries') === 'false';
      const sent = readVoucher(body, company, { isDraft, takesSeries });
      return one(isDraft ? company.draft(sent) : company.book(sent), 201);
    }
    if (method === 'POST' && isDraft && second === 'convert') return one(company.convert(first ?? ''), 201);
    if (method === 'DELETE' && isDraft && first !== undefined) {
      company.vouchers.delete(company.voucher(first, true).id);
      return { status: 200 };
    }
    if (method !== 'GET') return undefined;
    const wanted = isDraft ? first : second;
    if (wanted !== undefined) return one(company.voucher(wanted, isDraft));
    const year = isDraft ? undefined : company.years.find(({ id }) => id === first);
    const rows = [...company.vouchers.values()].filter(
      (held) =>
        held.isDraft === isDraft &&
        this.#isShown(held.createdAt) &&
        (year === undefined || (year.from <= held.date && held.date <= year.to)),
    );
    const found = rows.filter(filterOf(query.get('$filter'), this.#takesTextFilters));
    // The newest first: a row that comes while a list is read moves every other.
    return page(found.toReversed(), query, (held) => voucherObject(company, held));
  }
}

/** `startswith(VoucherText,'x')`, or `year(VoucherDate) eq 2026 and month(VoucherDate) ge 3`; anything else is a bad filter. */
function filterOf(filter: string | null, takesTexts: boolean): (held: HeldEAccountingVoucher) => boolean {
  const [, beginning] = /^startswith\(VoucherText,'((?:[^']|'')*)'\)$/.exec(filter ?? '') ?? [];
  if (beginning !== undefined && takesTexts) return ({ text }) => text.startsWith(beginning.replaceAll("''", "'"));
  const parts = (filter ?? '').split(' and ').filter((part) => part !== '');
  const tests = parts.map((part) => {
    const [, name, operator, wanted] = /^(year|month)\(VoucherDate\) (eq|ge|le) (\d+)$/.exec(part.trim()) ?? [];
    if (wanted === undefined) throw new EAccountingRefusal(400, 6000, `The filter "${part}" is not valid.`);
    return ({ date }: HeldEAccountingVoucher): boolean => {
      const difference = Number(name === 'year' ? date.slice(0, 4) : date.slice(5, 7)) - Number(wanted);
      return operator === 'eq' ? difference === 0 : operator === 'ge' ? difference >= 0 : difference <= 0;
    };
  });
  return (held) => tests.every((test) => test(held));
}

function registers({ method, path, query }: ServerRequest, company: EAccountingCompany): ServerReply | undefined {
  if (method !== 'GET') return undefined;
  const [, id] = /^\/v2\/fiscalyears\/([\w-]+)$/.exec(path) ?? [];
  // An unknown one is 400 there, and not 404.
  if (id !== undefined && !company.years.some((year) => year.id === id))
    invalid('id', 'The fiscal year does not exist.');
  switch (path) {
    case '/v2/companysettings':
      company.ask('ea:sales');
      return jsonReply(200, settingsObject(company));
    case '/v2/fiscalyears':
      company.ask('ea:accounting');
      return page(yearObjects(company), query);
    case '/v2/accounts':
      company.ask('ea:accounting');
      return page(accountObjects(company), query);
    case '/v2/projects':
      return page(projectObjects(company), query);
    default:
      return undefined;
  }
}

const kinds = new Set(['application/pdf', 'image/jpeg', 'image/png', 'image/tiff']);

function files({ method, path, query, body }: ServerRequest, company: EAccountingCompany): ServerReply | undefined {
  switch (`${method} ${path}`) {
    case 'GET /v2/attachments': {
      const withMatched = query.get('includeMatched') !== 'false';
      const found = [...company.files.values()].filter(({ documentId }) => withMatched || documentId === undefined);
      return page(found.map(fileObject), query);
    }
    case 'POST /v2/attachments': {
      const { ContentType, FileName, Data } = readObject(body);
      if (typeof ContentType !== 'string' || !kinds.has(ContentType)) return invalid('ContentType', 'Not supported.');
      if (typeof FileName !== 'string' || !/^[\w()-]{1,200}$/.test(FileName)) return invalid('FileName', 'Not valid.');
      const content = new Uint8Array(Buffer.from(String(Data), 'base64'));
      if (content.length > 10 * 1024 * 1024) return invalid('Data', 'The file is too large.');
      const file = { id: company.newId(), name: FileName, content, documentId: undefined };
      company.files.set(file.id, file);
      return jsonReply(201, fileObject(file));
    }
    case 'POST /v2/attachmentlinks': {
      const { DocumentId, DocumentType, AttachmentIds } = readObject(body);
      const document = company.vouchers.get(String(DocumentId));
      if (document === undefined || Number(DocumentType) !== (document.isDraft ? 9 : 3)) {
        return invalid('DocumentId', 'The document does not exist.');
      }
      for (const id of Array.isArray(AttachmentIds) ? AttachmentIds : []) {
        const file = company.files.get(String(id));
        if (file?.documentId !== undefined || file === undefined)
          return invalid('AttachmentIds', 'Linked already, or unknown.');
        company.files.set(file.id, { ...file, documentId: document.id });
      }
      return jsonReply(200, { DocumentId, DocumentType: Number(DocumentType), AttachmentIds });
    }
    default:
      return undefined;
  }
}

function refuseReadOnly({ options }: EAccountingCompany): void {
  if (options.isReadOnly === true) throw new EAccountingRefusal(400, 4019, 'The user has read-only access.');
}

function page<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  toObject: (item: Item) => object = (item) => item as object,
): ServerReply {
  const size = Math.min(1_000, Math.max(1, Number(query.get('$pagesize') ?? 50)));
  const current = Math.max(1, Number(query.get('$page') ?? 1));
  const Meta = {
    CurrentPage: current,
    PageSize: size,
    TotalNumberOfPages: Math.max(1, Math.ceil(items.length / size)),
    TotalNumberOfResults: items.length,
    ServerTimeUtc: '2026-01-01T00:00:00Z',
  };
  return jsonReply(200, { Meta, Data: items.slice((current - 1) * size, current * size).map(toObject) });
}

function notThere(): ServerReply {
  return refusal(404, 4040, 'Not found.');
}

function refusal(status: number, code: number, message: string, field?: string): ServerReply {
  const Errors = field === undefined ? null : [{ Field: field, ErrorCode: String(code), Message: message, Key: null }];
  const ErrorId = '3fa7da17-eeb2-48f6-997d-0be158f4cba4';
  return jsonReply(status, { ErrorCode: code, DeveloperErrorMessage: message, ErrorId, Errors });
}

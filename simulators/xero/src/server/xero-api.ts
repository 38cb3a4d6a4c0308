import { jsonReply, parseWithNumberTexts, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { checkJournal, fieldsOf, type CheckedJournal } from '../books/journal-checks.ts';
import type { XeroOrganisation } from '../books/xero-organisation.ts';
import { badData, XeroRefusal } from '../books/xero-refusal.ts';
import type { XeroAccess } from './xero-access.ts';
import type { IdempotencyKeys } from './idempotency-keys.ts';
import {
  accountObject,
  journalObject,
  ledgerObject,
  organisationObject,
  taxRateObject,
  trackingObject,
} from './xero-objects.ts';
import { whereOf } from './xero-where.ts';

const base = '/api.xro/2.0';
const noId = '00000000-0000-0000-0000-000000000000';

/** From request to reply. */
export class XeroApi {
  readonly #access: XeroAccess;
  readonly #organisations: readonly XeroOrganisation[];
  readonly #keys: IdempotencyKeys;
  readonly #isShown: (since: number) => boolean;

  constructor(
    access: XeroAccess,
    organisations: readonly XeroOrganisation[],
    keys: IdempotencyKeys,
    isShown: (since: number) => boolean,
  ) {
    this.#access = access;
    this.#organisations = organisations;
    this.#keys = keys;
    this.#isShown = isShown;
  }

  answer(request: ServerRequest): ServerReply {
    if (request.path === '/connect/token') return this.#access.tokenReply(request);
    if (!this.#access.isOpen(request)) return gatewayReply(401, 'Unauthorized', 'AuthenticationUnsuccessful');
    const tenant = request.headers['xero-tenant-id'];
    const organisation = this.#organisations.find((one) => one.tenant === tenant);
    if (organisation === undefined || organisation.options.withoutScopes === true) {
      return gatewayReply(403, 'Forbidden', 'AuthenticationUnsuccessful');
    }
    const waitSeconds = this.#access.waitSeconds(organisation);
    if (waitSeconds !== undefined) {
      return { status: 429, headers: { 'retry-after': String(waitSeconds), 'x-rate-limit-problem': 'Minute' } };
    }
    try {
      return this.#keys.answered(request, tenant ?? '', () => this.#answer(request, organisation));
    } catch (error) {
      if (!(error instanceof XeroRefusal)) throw error;
      const { status, errorNumber, type, message } = error;
      return jsonReply(status, { ErrorNumber: errorNumber, Type: type, Message: message });
    }
  }

  #answer(request: ServerRequest, organisation: XeroOrganisation): ServerReply {
    const { method, path } = request;
    const place = `${method} ${path.slice(path.startsWith(base) ? base.length : 0)}`;
    const [, id = '', rest = ''] = /^\w+ \/ManualJournals\/([\w-]+)(\/Attachments(?:\/.+)?)?$/.exec(place) ?? [];
    const reply =
      id === ''
        ? (this.#lists(place, request, organisation) ?? registers(place, organisation))
        : this.#journal(`${method}${rest === '' ? '' : ' file'}`, id, rest, request, organisation);
    if (reply !== undefined) return reply;
    throw new XeroRefusal(404, 404, 'NotFoundException', "The resource you're looking for cannot be found");
  }

  #lists(place: string, request: ServerRequest, organisation: XeroOrganisation): ServerReply | undefined {
    const { query } = request;
    switch (place) {
      case 'GET /ManualJournals': {
        const page = Number(query.get('page') ?? 1);
        const size = Math.min(1000, Number(query.get('pageSize') ?? 100));
        const found = organisation.journals
          .filter((one) => this.#isShown(one.createdAt))
          .filter(whereOf(query.get('where')))
          .toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.createdAt - b.createdAt));
        return wrapped('ManualJournals', found.slice((page - 1) * size, page * size).map(journalObject));
      }
      case 'PUT /ManualJournals':
        return createReply(request, organisation);
      case 'GET /Journals': {
        const offset = Number(query.get('offset') ?? 0);
        const since = Date.parse(`${request.headers['if-modified-since'] ?? '1970-01-01T00:00:00'}Z`);
        const found = organisation.ledger.filter(
          ({ number, createdAt }) => number > offset && createdAt >= since && this.#isShown(createdAt),
        );
        return wrapped('Journals', found.slice(0, 100).map(ledgerObject));
      }
      default:
        return undefined;
    }
  }

  #journal(
    what: string,
    id: string,
    rest: string,
    request: ServerRequest,
    organisation: XeroOrganisation,
  ): ServerReply | undefined {
    const journal = organisation.journal(id);
    switch (what) {
      case 'GET':
        return wrapped('ManualJournals', [journalObject(journal)]);
      case 'POST': {
        const { ManualJournals } = fieldsOf(jsonOf(request));
        const [sent] = Array.isArray(ManualJournals) ? (ManualJournals as unknown[]) : [];
        const { Status } = fieldsOf(sent);
        organisation.changeStatus(id, Status as 'POSTED');
        return wrapped('ManualJournals', [journalObject(organisation.journal(id))]);
      }
      case 'GET file':
        return wrapped('Attachments', journal.attachments.map(attachmentObject));
      case 'PUT file':
      case 'POST file': {
        const fileName = decodeURIComponent(rest.slice('/Attachments/'.length));
        const mimeType = request.headers['content-type'] ?? '';
        if (fileName === '' || !/\.\w{2,5}$/.test(fileName)) throw badData('The file name has no extension.');
        if (request.body.length > 10_485_760) throw badData('The file is larger than 10 MB.');
        const file = { fileName, mimeType, content: new Uint8Array(request.body) };
        const others = journal.attachments.filter((one) => one.fileName !== fileName);
        if (others.length > 9) throw badData('A document has at most 10 attachments.');
        organisation.put({ ...journal, attachments: [...others, file] });
        return wrapped('Attachments', [attachmentObject(file)]);
      }
      default:
        return undefined;
    }
  }
}

/** Each journal for itself: with `summarizeErrors=false` what is wrong with one stands in an answer of 200. */
function createReply(request: ServerRequest, organisation: XeroOrganisation): ServerReply {
  const { ManualJournals: given } = fieldsOf(jsonOf(request));
  if (!Array.isArray(given) || given.length === 0) throw badData('No data was sent.');
  const checked = given.map((one) => checkJournal(one, organisation));
  if (request.query.get('summarizeErrors') !== 'false' && checked.some(({ problems }) => problems.length > 0)) {
    return jsonReply(400, {
      ErrorNumber: 10,
      Type: 'ValidationException',
      Message: 'A validation exception occurred',
      Elements: checked.map(({ problems }) => ({ ValidationErrors: messagesOf(problems) })),
    });
  }
  return wrapped(
    'ManualJournals',
    checked.map((one) => createdObject(one, organisation)),
  );
}

function createdObject({ parts, problems, warnings }: CheckedJournal, organisation: XeroOrganisation): object {
  if (problems.length > 0) {
    const { narration: Narration, status: Status } = parts;
    const about = { ManualJournalID: noId, Narration, Status, StatusAttributeString: 'ERROR' };
    return { ...about, ValidationErrors: messagesOf(problems) };
  }
  const made = journalObject(organisation.create(parts));
  return { ...made, StatusAttributeString: 'OK', Warnings: messagesOf(warnings), ValidationErrors: [] };
}

function messagesOf(texts: readonly string[]): object[] {
  return texts.map((Message) => ({ Message }));
}

function registers(place: string, organisation: XeroOrganisation): ServerReply | undefined {
  switch (place) {
    case 'GET /Organisation':
      return wrapped('Organisations', [organisationObject(organisation)]);
    case 'GET /Accounts':
      return wrapped('Accounts', [...organisation.accounts.values()].map(accountObject));
    case 'GET /TaxRates':
      return wrapped('TaxRates', [...organisation.taxRates.values()].map(taxRateObject));
    case 'GET /TrackingCategories':
      return wrapped('TrackingCategories', Object.entries(organisation.tracking).map(trackingObject));
    default:
      return undefined;
  }
}

function attachmentObject({
  fileName,
  mimeType,
  content,
}: {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: Uint8Array;
}): object {
  return { FileName: fileName, MimeType: mimeType, ContentLength: content.length };
}

function wrapped(name: string, items: readonly object[]): ServerReply {
  const about = { Id: '5f0c1d8e-2b7a-4c93-9a5e-000000000001', Status: 'OK', ProviderName: 'Bilag' };
  return jsonReply(200, { ...about, DateTimeUTC: '/Date(1772409600000)/', [name]: items });
}

function gatewayReply(status: number, title: string, detail: string): ServerReply {
  return jsonReply(status, { Type: null, Title: title, Status: status, Detail: detail, Extensions: {} });
}

function jsonOf({ headers, body }: ServerRequest): unknown {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw badData('The body must be JSON.');
  try {
    return parseWithNumberTexts(body);
  } catch {
    throw badData('The body is no JSON.');
  }
}

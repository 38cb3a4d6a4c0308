import { jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { bodyOf, readBulk, readEntry, readEntryNumbers } from '../books/draft-checks.ts';
import type { EconomicAgreement } from '../books/economic-agreement.ts';
import type { EconomicAccess } from './economic-access.ts';
import { documentsReply } from './economic-documents.ts';
import { EconomicRefusal } from '../books/economic-refusal.ts';
import { classicErrorReply, problemReply } from './economic-replies.ts';
import { collectionReply, cursorReply } from './economic-lists.ts';
import {
  accountFields,
  accountObject,
  bookedFields,
  bookedObject,
  draftFields,
  draftObject,
  journalObject,
  periodFields,
  periodObject,
  selfObject,
  vatObject,
} from './economic-objects.ts';

const journals = '/journalsapi/v15.0.0';

/** From request to reply. */
export class EconomicApi {
  readonly #access: EconomicAccess;
  readonly #isShown: (since: number) => boolean;

  constructor(access: EconomicAccess, isShown: (since: number) => boolean) {
    this.#access = access;
    this.#isShown = isShown;
  }

  answer(request: ServerRequest): ServerReply {
    const { isEmpty, headers } = this.#access.charge(3);
    const reply = this.#answerOrRefuse(request, isEmpty);
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  #answerOrRefuse(request: ServerRequest, isEmpty: boolean): ServerReply {
    try {
      if (isEmpty) throw new EconomicRefusal(429, 'TooManyRequests', 'You are over your quota.');
      return this.#answer(request, this.#access.agreementOf(request));
    } catch (error) {
      if (!(error instanceof EconomicRefusal)) throw error;
      return /^\/(?:self|vat-accounts)/.test(request.path) ? classicErrorReply(error) : problemReply(error);
    }
  }

  #answer(request: ServerRequest, agreement: EconomicAgreement): ServerReply {
    const { method, path, query } = request;
    const reply =
      this.#journals(request, agreement) ??
      (method === 'GET' ? this.#registers(path, query, agreement) : undefined) ??
      documentsReply(request, agreement);
    if (reply === undefined) throw new EconomicRefusal(404, 'NotFound', 'The resource was not found.');
    return reply;
  }

  #journals(
    { method, path, query, headers, body }: ServerRequest,
    agreement: EconomicAgreement,
  ): ServerReply | undefined {
    if (!path.startsWith(`${journals}/`)) return undefined;
    if ((method === 'POST' || method === 'PUT') && !/^application\/json\b/i.test(headers['content-type'] ?? '')) {
      throw new EconomicRefusal(415, 'UnsupportedMediaType', 'The body must be JSON.');
    }
    const place = `${method} ${path.slice(journals.length)}`;
    const [, about = '', number = '', action = ''] = /^(\w+ \/[a-z-]+)\/(\d{1,9})(\/\w+)?$/.exec(place) ?? [];
    switch (about === '' ? place : `${about}/:n${action}`) {
      case 'GET /draft-entries':
        return cursorReply(this.#drafts(agreement), query);
      case 'GET /draft-entries/:n':
        return jsonReply(200, draftObject(draftNumbered(agreement, Number(number))));
      case 'POST /draft-entries': {
        const [made] = agreement.draft([readEntry(bodyOf(body), '', agreement)]);
        return jsonReply(201, { entryNumber: made?.entryNumber });
      }
      case 'POST /draft-entries/bulk': {
        const made = agreement.draft(readBulk(body, agreement));
        return jsonReply(201, { entryNumbers: made.map(({ entryNumber }) => entryNumber) });
      }
      case 'DELETE /draft-entries/:n':
        agreement.deleteDraft(Number(number));
        return { status: 204 };
      case 'POST /journals/:n/bookdraftentries':
        agreement.book(Number(number), readEntryNumbers(body));
        return { status: 204 };
      case 'POST /journals/:n/book': {
        const own = agreement.drafts.filter(({ journalNumber }) => journalNumber === Number(number));
        agreement.book(
          Number(number),
          own.map(({ entryNumber }) => entryNumber),
        );
        return { status: 204 };
      }
      case 'GET /journals':
        // A filter on journals fails there.
        if (query.has('filter')) return { status: 500 };
        return jsonReply(200, { items: [...agreement.journals.values()].map(journalObject) });
      case 'GET /journals/:n': {
        const journal = agreement.journals.get(Number(number));
        if (journal === undefined) throw new EconomicRefusal(404, 'JournalDoesNotExist', 'The journal does not exist.');
        return jsonReply(200, journalObject(journal));
      }
      default:
        return undefined;
    }
  }

  #drafts(agreement: EconomicAgreement): Parameters<typeof cursorReply<EconomicAgreement['drafts'][number]>>[0] {
    const rows = agreement.drafts.filter(({ createdAt }) => this.#isShown(createdAt));
    return { rows, fields: draftFields, idOf: ({ entryNumber }) => entryNumber, shown: draftObject };
  }

  #registers(path: string, query: URLSearchParams, agreement: EconomicAgreement): ServerReply | undefined {
    switch (path) {
      case '/self':
        return jsonReply(200, selfObject(agreement));
      case '/vat-accounts':
        return collectionReply(
          [...agreement.vat.values()].map(vatObject),
          query,
          'https://restapi.e-conomic.com/vat-accounts',
        );
      case '/accountsapi/v7.0.0/Accounts': {
        const rows = [...agreement.accounts.values()];
        return cursorReply(
          { rows, fields: accountFields, idOf: ({ number }) => Number(number), shown: accountObject },
          query,
        );
      }
      case '/accountingyearsapi/v2.0.1/accountingYears/periods': {
        const rows = agreement.periods();
        const idOf = ({ year, number }: (typeof rows)[number]): number => Number(year) * 100 + number;
        return cursorReply({ rows, fields: periodFields, idOf, shown: periodObject }, query);
      }
      case '/bookedEntriesapi/v4.0.0/booked-entries': {
        const rows = agreement.booked.filter(({ bookedAt }) => this.#isShown(bookedAt));
        return cursorReply(
          { rows, fields: bookedFields, idOf: ({ entryNumber }) => entryNumber, shown: bookedObject },
          query,
        );
      }
      default:
        return undefined;
    }
  }
}

function draftNumbered({ drafts }: EconomicAgreement, entryNumber: number): EconomicAgreement['drafts'][number] {
  const found = drafts.find((one) => one.entryNumber === entryNumber);
  if (found !== undefined) return found;
  throw new EconomicRefusal(404, 'JournalEntryDoesNotExist', `There is no entry ${entryNumber}.`);
}

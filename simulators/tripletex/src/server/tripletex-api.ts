import { jsonReply, type ServerReply, type ServerRequest, RateWindow } from '@bilag/fault-server';
import { addDays, isPlainDate, type PlainDate } from '@bilag/core';
import type { CompanyBooks } from '../books/company-books.ts';
import { expandedOnce, withFields, type TripletexObject } from './fields-filter.ts';
import type { HeldVoucher } from '../books/held-voucher.ts';
import { uploadedFile } from './multipart-file.ts';
import { models } from './tripletex-models.ts';
import type { TripletexSimulatorOptions } from '../tripletex-options.ts';
import { invalid, refusal, simulatedRequestId, TripletexRefusal } from '../tripletex-replies.ts';
import { type TripletexCaller, TripletexSessions } from './tripletex-sessions.ts';
import { listOf, registerReply } from './tripletex-registers.ts';
import { readVoucher } from '../books/voucher-checks.ts';
import { postingObject, voucherObject } from '../books/voucher-objects.ts';

/** What stands between the server's address and the paths of the description. */
export const tripletexBasePath = '/v2';

/** From request to reply. */
export class TripletexApi {
  readonly sessions: TripletexSessions;
  readonly #options: TripletexSimulatorOptions;
  readonly #books: ReadonlyMap<number, CompanyBooks>;
  readonly #now: () => number;
  readonly #rates: RateWindow | undefined;

  constructor(options: TripletexSimulatorOptions, books: ReadonlyMap<number, CompanyBooks>, now: () => number) {
    this.#options = options;
    this.#books = books;
    this.#now = now;
    this.sessions = new TripletexSessions(
      [...books.values()].map(({ directory }) => directory.options),
      now,
    );
    const { rateLimit = { requests: 100, windowMs: 10_000 } } = options;
    this.#rates = rateLimit === null ? undefined : new RateWindow(rateLimit, now);
  }

  answer(request: ServerRequest): ServerReply {
    const path = decodeURIComponent(request.path);
    if (!path.startsWith(`${tripletexBasePath}/`)) return refusal(404, 6000, 'Not found');
    const place = `${request.method} ${path.slice(tripletexBasePath.length)}`;
    try {
      if (place === 'POST /token/session/:create') return identified(this.sessions.create(request));
      const caller = this.sessions.callerOf(request);
      return identified(this.#limited(caller, () => this.#answer(request, place, caller)));
    } catch (error) {
      if (error instanceof TripletexRefusal) return identified(error.reply);
      throw error;
    }
  }

  #limited({ employeeToken }: TripletexCaller, work: () => ServerReply): ServerReply {
    if (this.#rates === undefined) return work();
    const { limit, remaining, resetSeconds } = this.#rates.take(employeeToken);
    const isRefused = remaining < 0;
    const headers = {
      'x-rate-limit-limit': String(limit),
      'x-rate-limit-remaining': String(Math.max(0, remaining)),
      ...((!isRefused || (this.#options.tellsReset ?? true)) && { 'x-rate-limit-reset': String(resetSeconds) }),
    };
    let reply: ServerReply;
    try {
      reply = isRefused ? refusal(429, 0, 'Too many requests') : work();
    } catch (error) {
      if (!(error instanceof TripletexRefusal)) throw error;
      reply = error.reply;
    }
    return { ...reply, headers: { ...reply.headers, ...headers } };
  }

  #answer(request: ServerRequest, place: string, caller: TripletexCaller): ServerReply {
    const { query } = request;
    if (place === 'GET /token/session/>whoAmI') return this.#whoAmI(query, caller);
    if (place === 'GET /company/>withLoginAccess') return this.#withLoginAccess(query, caller);
    const [, ended] = /^DELETE \/token\/session\/([^/]+)$/.exec(place) ?? [];
    if (ended !== undefined) return this.sessions.end(ended);
    const books = this.#books.get(caller.companyId);
    if (caller.isAccountantAtHome || books === undefined) {
      throw new TripletexRefusal(403, 9000, 'You do not have permission to access this feature.');
    }
    return this.#vouchers(request, place, books) ?? registerReply(request, place, books) ?? notThere();
  }

  #whoAmI(query: URLSearchParams, { companyId }: TripletexCaller): ServerReply {
    const books = this.#books.get(companyId);
    const who = {
      employeeId: 1,
      companyId,
      language: 'no',
      company: { id: companyId, name: books?.directory.options.name },
    };
    return jsonReply(200, { value: withFields(who, models.loggedInUserInfo, query.get('fields')) });
  }

  #withLoginAccess(query: URLSearchParams, { home }: TripletexCaller): ServerReply {
    const clients = (home.clients ?? []).map((id): TripletexObject => {
      const { name = '', organisationNumber = '' } = this.#books.get(id)?.directory.options ?? {};
      return { id, version: 1, name, organizationNumber: organisationNumber };
    });
    return listOf(clients, models.company, query);
  }

  #vouchers(request: ServerRequest, place: string, books: CompanyBooks): ServerReply | undefined {
    const { query } = request;
    const found = (held: readonly HeldVoucher[]): ServerReply =>
      listOf(held.map(objectOf(books)), models.voucher, query);
    const kept = books.vouchers().filter(({ isDeleted }) => !isDeleted);
    switch (place) {
      case 'POST /ledger/voucher':
        return this.#post(request, books);
      case 'GET /ledger/voucher': {
        const isWithin = rangeOf(query);
        const isWanted = wantedBy(query, books);
        return found(kept.filter((held) => held.number > 0 && isWithin(held.date) && isWanted(held)));
      }
      case 'GET /ledger/voucher/>externalVoucherNumber':
        return found(kept.filter((held) => this.#isFound(held, query.get('externalVoucherNumber') ?? '')));
      case 'GET /ledger/voucher/>nonPosted':
        return found(kept.filter(({ number }) => number === 0));
      case 'GET /ledger/posting': {
        const isWithin = rangeOf(query);
        const accountId = query.get('accountId');
        const postings = kept.flatMap((held) =>
          held.postings.map((posting) => postingObject(posting, held, books.directory)),
        );
        const matching = postings.filter(({ date, account }) => {
          return (
            isWithin(date as PlainDate) && (accountId === null || String((account as TripletexObject).id) === accountId)
          );
        });
        return listOf(matching, models.posting, query);
      }
      default:
        return this.#oneVoucher(request, place, books);
    }
  }

  #oneVoucher(request: ServerRequest, place: string, books: CompanyBooks): ServerReply | undefined {
    const [, method, digits, action = ''] = /^(\w+) \/ledger\/voucher\/(\d+)(?:\/(.+))?$/.exec(place) ?? [];
    if (digits === undefined) return undefined;
    const id = Number(digits);
    const told = (held: HeldVoucher, status = 200): ServerReply =>
      jsonReply(status, { value: withFields(objectOf(books)(held), models.voucher, request.query.get('fields')) });
    switch (`${method} ${action}`) {
      case 'GET ':
        return told(books.voucher(id));
      case 'PUT :reverse': {
        refuseWithoutPermission(books);
        const date = request.query.get('date') ?? '';
        if (!isPlainDate(date)) throw invalid('date', 'Kan ikke være null.');
        return told(books.reverse(id, date));
      }
      case 'PUT :sendToLedger': {
        refuseWithoutPermission(books);
        const version = request.query.get('version');
        if (version !== null && version !== String(books.voucher(id).version)) {
          throw new TripletexRefusal(409, 8000, 'RevisionException');
        }
        return told(books.sendToLedger(id));
      }
      case 'DELETE ':
        refuseWithoutPermission(books);
        books.delete(id);
        return { status: 204 };
      case 'GET options':
        return jsonReply(200, { value: { delete: deletion(books, id) } });
      case 'POST attachment':
        books.voucher(id);
        books.attach(id, uploadedFile(request));
        return told(books.voucher(id), 201);
      default:
        return undefined;
    }
  }

  #post(request: ServerRequest, books: CompanyBooks): ServerReply {
    refuseWithoutPermission(books);
    const isPosted = request.query.get('sendToLedger') !== 'false';
    const held = books.enter(readVoucher(request.body, books.directory, isPosted));
    return jsonReply(201, { value: expandedOnce(objectOf(books)(held), models.voucher) });
  }

  /** Too willing on purpose: part of a number is enough, in any case. What is new, or waits for a person, is not there. */
  #isFound({ externalVoucherNumber, createdAt, number }: HeldVoucher, wanted: string): boolean {
    const isIndexed = createdAt + (this.#options.searchDelayMs ?? 0) <= this.#now();
    return isIndexed && number > 0 && (externalVoucherNumber ?? '').toLowerCase().includes(wanted.toLowerCase());
  }
}

function objectOf(books: CompanyBooks): (held: HeldVoucher) => TripletexObject {
  return (held) => voucherObject(held, books.directory);
}

/** From the first date on, up to but without the second. */
function rangeOf(query: URLSearchParams): (date: PlainDate) => boolean {
  const from = query.get('dateFrom') ?? '';
  const to = query.get('dateTo') ?? '';
  if (!isPlainDate(from) || !isPlainDate(to)) throw invalid('dateFrom', 'Kan ikke være null.');
  if (from > addDays(to, -1)) throw invalid('dateTo', 'Til-dato må være etter fra-dato.');
  return (date) => date >= from && date < to;
}

/** By number and by type, where they are asked for. */
function wantedBy(query: URLSearchParams, { directory }: CompanyBooks): (held: HeldVoucher) => boolean {
  const numbers = query.get('number')?.split(',');
  const from = Number(query.get('numberFrom') ?? 0);
  const to = Number(query.get('numberTo') ?? Infinity);
  const typeId = query.get('typeId');
  const type = directory.voucherTypes.find(({ id }) => String(id) === typeId);
  return ({ number, voucherType }) =>
    (typeId === null || (type !== undefined && voucherType === type.name)) &&
    (numbers?.includes(String(number)) ?? true) &&
    number >= from &&
    number <= to;
}

/** Whether a voucher may be deleted, and if not, why. */
function deletion(books: CompanyBooks, id: number): { available: boolean; reasons: string[] } {
  try {
    books.refuseClosed(books.voucher(id));
    return { available: true, reasons: [] };
  } catch (error) {
    if (error instanceof TripletexRefusal && error.reply.status === 422)
      return { available: false, reasons: ['PERIOD_CLOSED'] };
    throw error;
  }
}

function refuseWithoutPermission({ mayPost }: CompanyBooks): void {
  if (!mayPost) throw new TripletexRefusal(403, 9000, 'You do not have permission to access this feature.');
}

function notThere(): ServerReply {
  return refusal(404, 6000, 'Object not found');
}

function identified(reply: ServerReply): ServerReply {
  return { ...reply, headers: { ...reply.headers, 'x-tlx-request-id': simulatedRequestId } };
}

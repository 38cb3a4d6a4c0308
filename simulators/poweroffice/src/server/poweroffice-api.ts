import { jsonReply, type ServerReply, type ServerRequest, formParts, RateWindow } from '@bilag/fault-server';
import { isPlainDate } from '@bilag/core';
import type { HeldLedgerVoucher } from '../books/held-ledger-voucher.ts';
import { readManualVoucher } from '../books/manual-voucher-checks.ts';
import { PowerOfficeAccess } from './poweroffice-access.ts';
import type { PowerOfficeClient } from '../books/poweroffice-client.ts';
import { listReply, numberFilter, valueFilter } from './poweroffice-lists.ts';
import {
  accountObject,
  codedObject,
  manualVoucherObject,
  transactionObject,
  vatCodeObject,
} from '../books/poweroffice-objects.ts';
import type { PowerOfficeSimulatorOptions } from '../poweroffice-options.ts';
import { PowerOfficeRefusal, problemReply } from '../poweroffice-replies.ts';
import { powerOfficeVatCodes } from '../books/poweroffice-vat.ts';

/** What stands before the paths of the API; the token desk is beside it. */
export const powerOfficeBasePath = '/v2';

const largestDocument = 30 * 1024 * 1024;

/** From request to reply. */
export class PowerOfficeApi {
  readonly access: PowerOfficeAccess;
  listedAfterMs: number;
  readonly #now: () => number;
  readonly #rates: RateWindow | undefined;

  constructor(options: PowerOfficeSimulatorOptions, clients: readonly PowerOfficeClient[], now: () => number) {
    this.access = new PowerOfficeAccess(clients, options.tokenSeconds ?? 1200, now);
    this.listedAfterMs = options.listedAfterMs ?? 0;
    this.#now = now;
    const { rateLimit = { requests: 10, windowMs: 1_000 } } = options;
    this.#rates = rateLimit === null ? undefined : new RateWindow(rateLimit, now);
  }

  answer(request: ServerRequest): ServerReply {
    try {
      return this.#answer(request);
    } catch (error) {
      if (error instanceof PowerOfficeRefusal) return problemReply(error.status, error.message);
      throw error;
    }
  }

  #answer(request: ServerRequest): ServerReply {
    this.access.checkSubscription(request);
    // Counted by the subscription key, whatever client is asked for.
    if (this.#rates !== undefined && this.#rates.take('subscription').remaining < 0) {
      throw new PowerOfficeRefusal(429, 'Rate limit is exceeded. Try again in 1 seconds.');
    }
    const place = `${request.method} ${request.path}`;
    if (/^POST \/oauth\/token$/i.test(place)) return this.access.tokenReply(request);
    if (!request.path.startsWith(`${powerOfficeBasePath}/`)) throw notThere();
    const client = this.access.clientOf(request);
    const below = `${request.method} ${request.path.slice(powerOfficeBasePath.length)}`;
    const reply = this.#vouchers(request, below, client) ?? registers(request.query, below, client);
    if (reply === undefined) throw notThere();
    return reply;
  }

  #vouchers(request: ServerRequest, place: string, client: PowerOfficeClient): ServerReply | undefined {
    const [, action = '', id = ''] = /^(\w+ \/Vouchers\/\w+)\/([0-9a-f-]{36})$/i.exec(place) ?? [];
    switch (action || place) {
      case 'POST /Vouchers/ManualJournals': {
        client.ask('ManualVoucher_Full');
        const held = client.books.post(readManualVoucher(jsonBody(request), client));
        return jsonReply(201, manualVoucherObject(held, client));
      }
      case 'GET /Vouchers/ManualJournals': {
        client.ask('ManualVoucher_Full');
        return jsonReply(200, manualVoucherObject(imported(client, id), client));
      }
      case 'POST /Vouchers/Reverse':
        client.ask('YearEndVoucher_Full');
        client.books.reverse(imported(client, id).id);
        return { status: 202 };
      case 'GET /AccountTransactions':
        client.ask('AccountTransaction');
        return this.#transactions(request.query, client);
      case 'GET /VoucherDocumentation':
        client.ask('VoucherDocumentation_Full');
        return documentation(request.query, client);
      case 'PUT /VoucherDocumentation':
        client.ask('VoucherDocumentation_Full');
        return replaceDocumentation(request, client);
      default:
        return undefined;
    }
  }

  /** By posting date, both ends included. There is no filter for a reference. */
  #transactions(query: URLSearchParams, client: PowerOfficeClient): ServerReply {
    const from = query.get('fromDate') ?? '';
    const to = query.get('toDate') ?? '';
    if (!isPlainDate(from) || !isPlainDate(to)) throw new PowerOfficeRefusal(400, 'fromDate and toDate are required.');
    const createdAfter = Date.parse(query.get('createdDateTimeOffsetGreaterThan') ?? '1970-01-01');
    const isAccount = numberFilter(query.get('accountNos'));
    const isNumber = numberFilter(query.get('voucherNos'));
    const isType = valueFilter(query.get('voucherTypes'));
    const numberOf = (id: string): number => client.books.voucher(id).number;
    const found = client.books
      .vouchers()
      .filter((held) => this.#isListed(held) && held.createdAt > createdAfter)
      .filter((held) => isNumber(held.number) && isType(held.type))
      .flatMap((held) =>
        held.transactions
          .filter(({ date, account }) => date >= from && date <= to && isAccount(Number(account)))
          .map((transaction) => transactionObject(held, transaction, { client, numberOf })),
      );
    return listReply(found, query);
  }

  #isListed({ createdAt }: HeldLedgerVoucher): boolean {
    return createdAt + this.listedAfterMs <= this.#now();
  }
}

function registers(query: URLSearchParams, place: string, client: PowerOfficeClient): ServerReply | undefined {
  const { id, options } = client;
  switch (place) {
    case 'GET /ClientIntegrationInformation':
      return jsonReply(200, { ClientId: id, ClientName: options.name, ValidPrivileges: [], InvalidPrivileges: [] });
    case 'GET /OrganizationSettings':
      client.ask('CommonServices');
      return jsonReply(200, {
        Id: id,
        Name: options.name,
        LegalName: options.name,
        OrganizationNumber: options.organisationNumber ?? null,
      });
    case 'GET /FinancialSettings':
      client.ask('CommonServices');
      return jsonReply(200, { ConversionDate: client.books.startsAt, CurrencyCode: 'NOK' });
    case 'GET /LockDateSettings':
      client.ask('CommonServices');
      return jsonReply(200, { LockDate: client.books.lockedThrough ?? null });
    case 'GET /VatCodes':
      client.ask('CommonServices');
      return listReply(powerOfficeVatCodes.map(vatCodeObject), query);
    case 'GET /GeneralLedgerAccounts': {
      client.ask('GeneralLedgerAccount');
      const isAccount = numberFilter(query.get('accountNos'));
      const found = client.accounts.filter(({ number }) => isAccount(Number(number)));
      return listReply(
        found.map((account) => accountObject(account, client)),
        query,
      );
    }
    case 'GET /Departments':
      client.ask('Department');
      return listReply(withCodes(client.departments, query).map(codedObject), query);
    case 'GET /Projects':
      client.ask('Project');
      return listReply(withCodes(client.projects, query).map(codedObject), query);
    default:
      return undefined;
  }
}

function withCodes<Item extends { readonly code: string }>(items: readonly Item[], query: URLSearchParams): Item[] {
  const isWanted = valueFilter(query.get('codes'));
  return items.filter(({ code }) => isWanted(code));
}

/** The integration sees the manual vouchers it posted itself, and no others. */
function imported(client: PowerOfficeClient, id: string): HeldLedgerVoucher {
  const held = client.books.voucher(id);
  if (!held.isImported) throw notThere();
  return held;
}

function documentation(query: URLSearchParams, client: PowerOfficeClient): ServerReply {
  const id = query.get('id');
  const voucherNo = query.get('voucherNo');
  const found = client.books
    .vouchers()
    .filter((held) => (id === null || held.id === id) && (voucherNo === null || String(held.number) === voucherNo));
  const items = found.map((held) => ({
    VoucherId: held.id,
    VoucherNo: held.number,
    VoucherType: held.type,
    HasPdf: held.documentation !== null,
    HasImages: false,
    HasEhf: false,
    IsImported: held.isImported,
  }));
  return listReply(items, query);
}

/** A PDF of at most 30 MB. The last one is what remains. */
function replaceDocumentation(request: ServerRequest, client: PowerOfficeClient): ServerReply {
  const held = imported(client, request.query.get('id') ?? '');
  const parts = formParts(request.headers['content-type'], request.body);
  const file = parts?.find(({ name }) => name === 'file');
  if (file === undefined) throw new PowerOfficeRefusal(400, 'file is required.');
  if (file.bytes.length > largestDocument) throw new PowerOfficeRefusal(400, 'The file is larger than 30 MB.');
  if (!Buffer.from(file.bytes.subarray(0, 5)).equals(Buffer.from('%PDF-'))) {
    throw new PowerOfficeRefusal(400, 'The file is not a PDF.');
  }
  client.books.change(held.id, {
    documentation: { fileName: file.filename ?? '', content: new Uint8Array(file.bytes) },
  });
  return { status: 204 };
}

function jsonBody({ headers, body }: ServerRequest): Uint8Array {
  if (!/^(?:application|text)\/(?:[\w.-]+\+)?json\b/i.test(headers['content-type'] ?? '')) {
    throw new PowerOfficeRefusal(415, 'The body must be JSON.');
  }
  return body;
}

function notThere(): PowerOfficeRefusal {
  return new PowerOfficeRefusal(404, 'The resource was not found.');
}

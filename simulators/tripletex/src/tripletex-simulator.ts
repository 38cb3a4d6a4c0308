import { aimedFaults, createFaultServer, type Fault, type Simulator } from '@bilag/fault-server';
import { BilagError } from '@bilag/core';
import { CompanyBooks, type IdSource } from './books/company-books.ts';
import { TripletexApi, tripletexBasePath } from './server/tripletex-api.ts';
import { backDoorOf, type TripletexBackDoor } from './tripletex-back-door.ts';
import { toTripletexServerFault, type TripletexFaultAim } from './server/tripletex-faults.ts';
import { defaultTripletexCompany, type TripletexSimulatorOptions } from './tripletex-options.ts';
import type { TripletexCredentials } from './server/tripletex-sessions.ts';

/** A running simulator. */
export interface TripletexSimulator extends Simulator<Fault & TripletexFaultAim> {
  /** In place of `https://tripletex.no/v2`. */
  readonly url: string;
  readonly credentials: TripletexCredentials;
  readonly backDoor: TripletexBackDoor;
  /** Makes every session given out so far a bad one. */
  expireSessions(): void;
}

/**
 * Starts a local server that answers as Tripletex does, also where we would rather it did not: external numbers are not
 * unique, a left-out VAT type is code 0, ids are per company and no numbers, `dateTo` is exclusive, a second `:reverse`
 * reverses again, a second attachment adds pages. It listens on 127.0.0.1 alone.
 *
 * Errors: `config` when the port is taken or two companies share an id.
 *
 * @example
 * ```ts
 * import { startTripletexSimulator } from '@bilag/simulator-tripletex';
 *
 * const tripletex = await startTripletexSimulator({ companies: [{ id: 12, isVatRegistered: false }] });
 * const reply = await fetch(`${tripletex.url}/ledger/account`);
 * await tripletex.close();
 * [reply.status, tripletex.backDoor.company(12).vouchers().length]; // => [401, 0]
 * ```
 */
export async function startTripletexSimulator(options: TripletexSimulatorOptions = {}): Promise<TripletexSimulator> {
  const now = (): number => (options.now?.() ?? new Date()).getTime();
  const books = new Map<number, CompanyBooks>();
  const ids = voucherIds();
  for (const company of options.companies ?? [defaultTripletexCompany]) {
    if (books.has(company.id)) throw sharedId(company.id);
    books.set(company.id, new CompanyBooks(company, { ids, now, simulator: options }));
  }
  const api = new TripletexApi(options, books, now);
  const server = await createFaultServer({
    handler: (request) => api.answer(request),
    port: options.port,
    sleep: options.sleep,
  });
  return {
    ...server,
    url: `${server.url}${tripletexBasePath}`,
    credentials: api.sessions.credentials,
    faults: aimedFaults(server.faults, toTripletexServerFault),
    backDoor: backDoorOf(books),
    expireSessions: () => api.sessions.endAll(),
  };
}

function voucherIds(): IdSource {
  let last = 609_000_000;
  return { next: () => (last += 1) };
}

function sharedId(id: number): BilagError {
  return new BilagError('config', {
    what: `two companies share the id ${id}`,
    where: 'startTripletexSimulator(): companies',
    action: 'give each company an id of its own',
  });
}

import { jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { isPlainDate } from '@bilag/core';
import { sentObject, textOf } from '../request-fields.ts';
import type { TripletexCompanyOptions } from '../tripletex-options.ts';
import { invalid, TripletexRefusal } from '../tripletex-replies.ts';

/** The fake secrets of a simulator. They open nothing else. */
export interface TripletexCredentials {
  readonly consumerToken: string;
  /** By company id. */
  readonly employeeTokens: Readonly<Record<number, string>>;
}

/** Who asks. `company` is undefined where an accountant named none of the clients. */
export interface TripletexCaller {
  readonly employeeToken: string;
  readonly home: TripletexCompanyOptions;
  readonly companyId: number;
  /** An accountant who acts for nobody may only ask who it is and whom it may act for. */
  readonly isAccountantAtHome: boolean;
}

interface Session {
  readonly employeeToken: string;
  readonly home: TripletexCompanyOptions;
  readonly endsAt: number;
}

/** Gives out session tokens and knows them again. */
export class TripletexSessions {
  readonly credentials: TripletexCredentials;
  readonly #companies: ReadonlyMap<string | undefined, TripletexCompanyOptions>;
  readonly #now: () => number;
  readonly #sessions: Map<string, Session> = new Map();
  #given = 0;

  constructor(companies: readonly TripletexCompanyOptions[], now: () => number) {
    this.#now = now;
    this.credentials = {
      consumerToken: 'simulated-tripletex-consumer',
      employeeTokens: Object.fromEntries(
        companies.map(({ id, employeeToken = `simulated-tripletex-employee-of-company-${id}` }) => [id, employeeToken]),
      ),
    };
    this.#companies = new Map(
      companies.toReversed().map((company) => [this.credentials.employeeTokens[company.id], company]),
    );
  }

  create(request: ServerRequest): ServerReply {
    const sent = sentObject(request.body, 'sessionToken');
    const [consumerToken, employeeToken, expirationDate] = ['consumerToken', 'employeeToken', 'expirationDate'].map(
      (name) => textOf(sent[name], name),
    );
    if (consumerToken !== this.credentials.consumerToken) throw invalid('arg:consumerToken', 'invalid');
    const home = this.#companies.get(employeeToken);
    if (home === undefined || employeeToken === undefined) throw invalid('arg:employeeToken', 'invalid');
    if (expirationDate === undefined || !isPlainDate(expirationDate)) throw invalid('expirationDate', 'invalid');
    // Midnight in Norway, in winter time all year: the exact edge is not documented.
    const endsAt = Date.parse(`${expirationDate}T00:00:00+01:00`);
    if (endsAt <= this.#now()) throw invalid('expirationDate', 'must be later than today');
    this.#given += 1;
    const token = `session-${this.#given}-of-company-${home.id}`;
    this.#sessions.set(token, { employeeToken, home, endsAt });
    return jsonReply(201, { value: { id: this.#given, version: 1, expirationDate, token } });
  }

  end(token: string): ServerReply {
    this.#sessions.delete(token);
    return { status: 204 };
  }

  endAll(): void {
    this.#sessions.clear();
  }

  /** Who asks, or a refusal. */
  callerOf({ headers }: ServerRequest): TripletexCaller {
    const [, encoded = ''] = /^Basic (.+)$/i.exec(headers['authorization'] ?? '') ?? [];
    const [user = '', token = ''] = Buffer.from(encoded, 'base64').toString().split(':', 2);
    const session = this.#sessions.get(token);
    if (session === undefined || session.endsAt <= this.#now()) throw new TripletexRefusal(401, 3000, 'Unauthorized');
    const { employeeToken, home } = session;
    const clients = home.clients ?? [];
    const companyId = user === '' || user === '0' ? home.id : Number(user);
    if (companyId !== home.id && !clients.includes(companyId)) {
      throw new TripletexRefusal(403, 9000, 'You do not have permission to access this company.');
    }
    return { employeeToken, home, companyId, isAccountantAtHome: clients.length > 0 && companyId === home.id };
  }
}

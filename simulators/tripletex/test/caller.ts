import {
  startTripletexSimulator,
  type TripletexSimulator,
  type TripletexSimulatorOptions,
} from '@bilag/simulator-tripletex';

/** A program that talks to the simulator as any would: over HTTP, with ids. */
export class Caller<Simulator extends { readonly url: string } = TripletexSimulator> {
  readonly simulator: Simulator;
  readonly authorization: string;

  constructor(simulator: Simulator, authorization: string) {
    this.simulator = simulator;
    this.authorization = authorization;
  }

  async ask(method: string, path: string, json?: unknown): Promise<{ status: number; headers: Headers; body: Answer }> {
    const reply = await fetch(`${this.simulator.url}${path}`, {
      method,
      headers: { authorization: this.authorization, 'content-type': 'application/json' },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: (text === '' ? {} : JSON.parse(text)) as Answer };
  }

  async accountId(number: string): Promise<number> {
    const { body } = await this.ask('GET', `/ledger/account?number=${number}`);
    return body.values?.[0]?.id ?? 0;
  }

  /** A voucher of rows: account number, kroner, VAT type id. */
  async voucher(rows: readonly (readonly [string, number, number?])[], more: object = {}): Promise<object> {
    const postings = [];
    for (const [index, [number, kroner, vatType]] of rows.entries()) {
      postings.push({
        row: index + 1,
        account: { id: await this.accountId(number) },
        amountGross: kroner,
        amountGrossCurrency: kroner,
        ...(vatType !== undefined && { vatType: { id: vatType } }),
      });
    }
    return { date: '2026-03-02', description: 'Oppgjør', externalVoucherNumber: 'A-1', postings, ...more };
  }
}

export interface Answer {
  readonly value?: Readonly<Record<string, unknown>> & { id: number; postings?: Readonly<Record<string, unknown>>[] };
  readonly values?: (Readonly<Record<string, unknown>> & { id: number })[];
  readonly code?: number;
  readonly validationMessages?: { field: string; message: string }[];
}

const now = (): Date => new Date('2026-03-03T02:00:00Z');

export async function start(options: TripletexSimulatorOptions = {}): Promise<AsyncDisposable & { caller: Caller }> {
  const simulator = await startTripletexSimulator({ now, rateLimit: null, ...options });
  const { consumerToken, employeeTokens } = simulator.credentials;
  const [employeeToken] = Object.values(employeeTokens);
  const authorization = await authorizationOf(simulator.url, { consumerToken, employeeToken });
  return { caller: new Caller(simulator, authorization), [Symbol.asyncDispose]: () => simulator.close() };
}

/** 100 kroner from one account to another. */
export const even = [
  ['1920', 100],
  ['1579', -100],
] as const;

/** A session, as it goes into a header. */
export async function authorizationOf(url: string, tokens: object): Promise<string> {
  const reply = await fetch(`${url}/token/session/:create`, {
    method: 'POST',
    body: JSON.stringify({ ...tokens, expirationDate: '2026-03-04' }),
  });
  const { value } = (await reply.json()) as { value: { token: string } };
  return `Basic ${Buffer.from(`0:${value.token}`).toString('base64')}`;
}

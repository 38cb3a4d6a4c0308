import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCompany, type Company } from '@bilag/company';
import { openOffice } from '@bilag/office';
import { vipps } from '@bilag/vipps';
import { request } from 'undici';
import { officeOf, startPage, type Office, type PageServer } from '../src/index.ts';
import type { ServerOptions } from '../src/server/start-page.ts';

/** The pages of an office, as a browser meets them. */
export interface PageBench extends AsyncDisposable {
  readonly server: PageServer;
  readonly office: Office;
  /** Every address that was told, the latest last. */
  readonly links: string[];
  readonly faults: unknown[];
  /** Moves the clock. */
  later(ms: number): void;
  /** The cookie of somebody who came by the link. */
  comeIn(): Promise<string>;
  ask(path: string, options?: AskOptions): Promise<Reply>;
}

interface AskOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const start = new Date('2026-07-08T10:00:00Z').getTime();

export async function openPageBench(
  options: Omit<Partial<ServerOptions>, 'office'> & {
    readonly names?: readonly string[];
    readonly office?: Office;
  } = {},
): Promise<PageBench> {
  const folder = await mkdtemp(join(tmpdir(), 'bilag-page-'));
  let ms = start;
  const now = (): Date => new Date(ms);
  const { names = ['Kafé Eksempel AS', 'Nettbutikken AS'], office: given, ...rest } = options;
  const store = await openOffice(join(folder, 'office.sqlite'));
  const { signal } = new AbortController();
  const companies = names.map((name, index) => companyOf(name, index, folder));
  const office = given ?? officeOf({ companies, store, surroundings: { env: {}, now, signal } });
  const links: string[] = [];
  const faults: unknown[] = [];
  const onLink = (link: string): void => void links.push(link);
  const server = await startPage({ office, port: 0, onLink, onFault: (fault) => faults.push(fault), ...rest });
  const ask: PageBench['ask'] = async (path, { method = 'GET', headers = {}, body } = {}) => {
    const reply = await request(`${server.url}${path}`, { method, headers, body: body ?? null });
    return { status: reply.statusCode, headers: reply.headers, text: await reply.body.text() };
  };
  return {
    server,
    office,
    links,
    faults,
    later: (more) => void (ms += more),
    comeIn: async () => {
      const { headers } = await ask(pathOf(links.at(-1) ?? ''));
      return String(headers['set-cookie']).split(';')[0] ?? '';
    },
    ask,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Path and query of an address. */
export function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** Sends bytes as they are, for requests that no client makes. */
export async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  let reply = '';
  for await (const chunk of socket.setEncoding('utf8')) reply += chunk;
  return reply;
}

function companyOf(name: string, index: number, folder: string): Company {
  const input = {
    id: `kafe-${index}`,
    name,
    organisationNumber: String(900_000_000 + index),
    country: 'NO',
    currency: 'NOK',
    source: { kind: 'vipps', keys: 'merchant', credentials: 'env:VIPPS' },
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }] },
  };
  return checkCompany(input, { file: 'bilag.config.ts', folder, sources: [vipps] });
}

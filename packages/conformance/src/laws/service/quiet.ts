import { inspect } from 'node:util';
import type { ServerReply, ServerRequest } from '@bilag/fault-server';
import { createFaultServer } from '@bilag/fault-server';
import { mustEqual, mustHold } from '../../law.ts';
import type { ServiceLaw } from '../../services/service-law.ts';
import type { ServiceWorld } from '../../services/service-world.ts';
import { busySession } from './sending/busy-session.ts';
import { failureOf } from './expectations.ts';

/** A log is read by more people than a key is meant for. */
export const quiet: ServiceLaw = {
  id: 'quiet',
  sentence:
    'No secret and no person is in an error or in what a log is told, no secret in an address, also when the target repeats them.',
  async prove(open) {
    const world = await open();
    const secrets = secretsIn(world);
    rememberSecrets(world, secrets);
    await busySession(world);
    mustBeWithout(secrets, world, [], 'in an ordinary session');

    await mustNotNamePersons(await open());
    await mustNotFollow(await open());
    for (const status of [400, 401, 403, 422, 500, 'its own refusal'] as const) {
      for (const which of ['everything', 'what comes after a connection is made', 'writes'] as const) {
        await mustNotRepeat(await open(), status, which);
      }
    }
  },
};

/** The target answers with what it was sent, headers and all, and credentials taken apart. */
async function mustNotRepeat(
  world: ServiceWorld,
  status: number | 'its own refusal',
  which: 'everything' | 'what comes after a connection is made' | 'writes',
): Promise<void> {
  const secrets = secretsIn(world);
  const known = [...secrets];
  const service = world.connect();
  if (which !== 'everything') await service.identify();
  world.target.server.faults.arm({
    kind: 'answer',
    times: Infinity,
    ...(which === 'writes' && { match: (request: ServerRequest) => world.target.isPost(request) }),
    answer: (request) => {
      const sent = secretsOf(request);
      for (const secret of sent) secrets.add(secret);
      // Also what this request did not carry: keys that opened the door before.
      return echoOf(request, [...sent, ...known], status, world);
    },
  });
  const errors: unknown[] = [];
  const attempt = (work: Promise<unknown> | undefined): Promise<unknown> =>
    work?.catch((error: unknown) => errors.push(error)) ?? Promise.resolve();
  const voucher = world.vouchers.sales();
  if (which !== 'writes') {
    await attempt(service.identify());
    await attempt(service.chart());
    await attempt(service.find?.(voucher.key));
  }
  await attempt(service.post(voucher, voucher.key));
  mustBeWithout(secrets, world, errors, `when ${which} is answered with ${status} and an echo`);
}

/** A refusal may name an account, a field and a code; customers and suppliers are people. */
async function mustNotNamePersons(world: ServiceWorld): Promise<void> {
  const voucher = world.vouchers.sales();
  const service = world.connect();
  await service.identify();
  world.strike({
    kind: 'status',
    ...world.target.replies.refused('Kunde Kari Nordmann (10023456, kari@example.no) er ikke aktiv'),
  });
  const error = await failureOf(service.post(voucher, voucher.key), 'a refusal that names a person');
  for (const name of ['Kari', 'Nordmann', '10023456', 'example.no']) {
    for (const [place, value] of [['an error', error] as const, ['what a log was told', world.events] as const]) {
      mustHold(!everythingIn(value).includes(name), `a person of a refusal ("${name}") is in ${place}`);
    }
  }
}

/** The target leads elsewhere, and credentials would follow. */
async function mustNotFollow(world: ServiceWorld): Promise<void> {
  const elsewhere = await createFaultServer({ handler: () => ({ status: 404 }) });
  try {
    const headers = { location: `${elsewhere.url}/here` };
    world.target.server.faults.arm({ kind: 'status', status: 307, headers, body: '', times: Infinity });
    const service = world.connect();
    const voucher = world.vouchers.sales();
    await failureOf(service.identify(), 'a target that leads elsewhere');
    await failureOf(service.post(voucher, voucher.key), 'a target that leads elsewhere');
    const followed = elsewhere.requests.map(({ method, path }) => `${method} ${path}`);
    mustEqual(followed, [], 'requests that followed where the target led (307), credentials and all');
  } finally {
    await elsewhere.close();
  }
}

/** What is sent as a secret is one, whatever it is made of: sessions, access tokens. */
function rememberSecrets(world: ServiceWorld, secrets: Set<string>): void {
  world.target.server.faults.arm({
    kind: 'answer',
    times: Infinity,
    answer: (request, handle) => {
      for (const secret of secretsOf(request)) secrets.add(secret);
      return handle(request);
    },
  });
}

function secretsIn({ target }: ServiceWorld): Set<string> {
  const values = Object.values(target.credentials).flatMap((secrets) => Object.values(secrets));
  return new Set(values.filter(isTelling));
}

/** Shorter ones are found in any text by chance. */
function isTelling(value: string): boolean {
  return value.length >= 8;
}

function secretsOf({ headers }: ServerRequest): string[] {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    /authorization|cookie|secret|token|password|key$/i.test(name) ? [value.replace(/^(?:Basic|Bearer)\s+/i, '')] : [],
  );
  const [basic = ''] = /^Basic (.+)$/i.exec(headers['authorization'] ?? '')?.slice(1) ?? [];
  // Before the colon stands who it is.
  const parts = Buffer.from(basic, 'base64').toString().split(':').slice(1);
  // The idempotency key is our reference, and no secret.
  return [...given, ...parts].filter((value) => isTelling(value) && value !== headers['idempotency-key']);
}

function echoOf(
  request: ServerRequest,
  secrets: readonly string[],
  status: number | 'its own refusal',
  { target }: ServiceWorld,
): ServerReply {
  const sent = `${JSON.stringify(request.headers)} ${new TextDecoder().decode(request.body)} ${secrets.join(' ')}`;
  if (status === 'its own refusal') return target.replies.refused(sent);
  const words = ['message', 'error', 'errorMessage', 'error_description', 'detail', 'title', 'developerMessage'];
  const body = {
    ...Object.fromEntries(words.map((word) => [word, sent])),
    requestId: sent,
    validationMessages: [{ field: 'postings.account.id', message: sent }],
  };
  const printable = sent.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 2_000);
  const headers = { 'content-type': 'application/json', 'x-request-id': printable, 'x-echo': printable };
  return { status, headers, body: JSON.stringify(body) };
}

function mustBeWithout(
  secrets: ReadonlySet<string>,
  world: ServiceWorld,
  errors: readonly unknown[],
  when: string,
): void {
  const told = [
    ...errors.map((error) => ['an error', everythingIn(error)] as const),
    ...world.events.map((event) => ['what a log was told', everythingIn(event)] as const),
    ...world.requests.map(({ path, search }) => ['the address of a request', `${path}${search}`] as const),
  ];
  for (const secret of secrets) {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const [place, text] of told) {
      mustHold(
        forms.every((form) => !text.includes(form)),
        `${when}: a secret (${secret.slice(0, 2)}…, ${secret.length} characters) is in ${place}`,
      );
    }
  }
}

/** Message, stack, causes, own properties, and what JSON makes of it. */
function everythingIn(value: unknown): string {
  return `${inspect(value, { depth: 12, showHidden: true, maxStringLength: null })} ${jsonOf(value)}`;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

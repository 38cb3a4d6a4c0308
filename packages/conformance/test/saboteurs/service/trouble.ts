import {
  addDays,
  BilagError,
  expectedDigest,
  plainDate,
  type PlainDate,
  type Receipt,
  type ServiceChart,
  type Voucher,
} from '@bilag/core';
import { SampleClient, SampleError, type SampleRequest } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody } from '../../sample/sample-service.ts';
import { clientSaboteur, saboteur, type ServiceSaboteur } from './saboteur.ts';

/** The target tells duplicates, so that what is sent twice by mistake is booked once: the mistake stays a mistake. */
const tellsDuplicates = { by: 'server-reference' } as const;

/** Address → the error of the first request that was refused there. */
const refusedAt: Map<string, SampleError> = new Map();

/** Mistakes in what is made of errors: most of the doubled books of this world. */
export const troubleSaboteurs: readonly ServiceSaboteur[] = [
  clientSaboteur(
    'lost-reply',
    'a write that got no reply is taken for not made',
    class extends SampleClient {
      protected override errorOfTransport(error: unknown, request: SampleRequest): SampleError {
        return named('unavailable', super.errorOfTransport(error, request));
      }
    },
    { dedupe: tellsDuplicates },
  ),
  clientSaboteur(
    'lost-reply',
    'a write that got no reply is sent again',
    class extends SampleClient {
      override async json(request: SampleRequest): Promise<unknown> {
        try {
          return await super.json(request);
        } catch (error) {
          if (!(error instanceof SampleError) || error.status !== undefined) throw error;
          return super.json(request);
        }
      }
    },
    { also: 'many' },
  ),
  saboteur(
    'lost-request',
    'a write that got no reply is taken for made',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        try {
          return await super.post(voucher, reference);
        } catch (error) {
          const gotNoReply = error instanceof SampleError && error.status === undefined;
          if (!gotNoReply || error.kind !== 'unknown-outcome') throw error;
          const [held] = await this.find(reference);
          return { outcome: 'created', id: held?.id ?? reference, digest: expectedDigest(voucher, this.view) };
        }
      }
    },
  ),
  saboteur(
    'lost-request',
    'a reference that was sent once is not sent again, whatever became of it',
    class extends SampleService {
      readonly #sent: Set<string> = new Set();

      protected override write(body: SampleBody): Promise<string> {
        if (!this.#sent.has(body.reference)) {
          this.#sent.add(body.reference);
          return super.write(body);
        }
        const now = 'look it up';
        throw new BilagError('conflict', {
          what: 'it was sent before',
          where: `voucher ${body.reference}`,
          action: now,
        });
      }
    },
    { dedupe: tellsDuplicates, can: [], also: 'many' },
  ),
  clientSaboteur(
    'error-after-commit',
    'a server error at a write is taken for nothing done',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const error = super.errorOf(reply, text, request);
        return reply.status >= 500 ? named('unavailable', error) : error;
      }
    },
    { can: ['find', 'list'], also: ['own-words'] },
  ),
  saboteur(
    'error-after-commit',
    'the error of reading back is told as it is',
    class extends SampleService {
      protected override async receipt(id: string, outcome: Receipt['outcome']): Promise<Receipt> {
        await this.client.json({ path: `/vouchers/${id}` });
        return super.receipt(id, outcome);
      }
    },
  ),
  saboteur(
    'slow-search',
    'one look after a lost reply is taken for the truth',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        try {
          return await super.post(voucher, reference);
        } catch (error) {
          if (!(error instanceof SampleError) || error.kind !== 'unknown-outcome') throw error;
          const [held] = await this.find(reference);
          if (held !== undefined) return this.receipt(held.id, 'created', voucher);
          throw named('unavailable', error);
        }
      }
    },
  ),
  clientSaboteur(
    'attempted-once',
    'a write is sent again after 503',
    class extends SampleClient {
      override async json(request: SampleRequest): Promise<unknown> {
        try {
          return await super.json(request);
        } catch (error) {
          if (!(error instanceof SampleError) || error.status !== 503) throw error;
          return super.json(request);
        }
      }
    },
    { dedupe: tellsDuplicates },
  ),
  clientSaboteur(
    'attempted-once',
    'a write that is turned away for its token is sent again at once',
    class extends SampleClient {
      override async json(request: SampleRequest): Promise<unknown> {
        try {
          return await super.json(request);
        } catch (error) {
          if (!(error instanceof SampleError) || error.kind !== 'unauthorised') throw error;
          return super.json(request);
        }
      }
    },
    { also: ['denied'] },
  ),
  saboteur(
    'attempted-once',
    'a reversal that gets no reply is asked for again at once, and its failure told only then',
    class extends SampleService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        try {
          return await super.reverse(id, date, reference);
        } catch (error) {
          if (error instanceof SampleError) await super.reverse(id, date, reference).catch(() => undefined);
          throw error;
        }
      }
    },
  ),
  clientSaboteur(
    'busy',
    '"busy" is taken for a refusal',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const error = super.errorOf(reply, text, request);
        return error.kind === 'busy' ? named('rejected', error) : error;
      }
    },
  ),
  clientSaboteur(
    'busy',
    'the wait that the target asks for is forgotten',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const { kind, what, where, action: now, status, told } = super.errorOf(reply, text, request);
        return new SampleError(
          kind,
          { what, where, action: now },
          { ...(status === undefined ? {} : { status }), told },
        );
      }
    },
  ),
  clientSaboteur(
    'busy',
    'a busy target is asked again at once',
    class extends SampleClient {
      override async json(request: SampleRequest): Promise<unknown> {
        try {
          return await super.json(request);
        } catch (error) {
          const isBusy = error instanceof SampleError && error.kind === 'busy';
          if (!isBusy || request.method === 'POST') throw error;
          return super.json(request);
        }
      }
    },
  ),
  clientSaboteur(
    'denied',
    'a token that was not taken once is not tried again',
    class extends SampleClient {
      override async json(request: SampleRequest): Promise<unknown> {
        const refused = refusedAt.get(this.config.url);
        if (refused !== undefined) throw refused;
        try {
          return await super.json(request);
        } catch (error) {
          const isRefused = error instanceof SampleError && error.kind === 'unauthorised';
          if (isRefused) refusedAt.set(this.config.url, error);
          throw error;
        }
      }
    },
  ),
  clientSaboteur(
    'denied',
    'a missing right is taken for wrong content',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const error = super.errorOf(reply, text, request);
        return error.kind === 'forbidden' ? named('rejected', error) : error;
      }
    },
  ),
  clientSaboteur(
    'denied',
    'a token that is not taken is hoped to be taken later',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const error = super.errorOf(reply, text, request);
        return error.kind === 'unauthorised' ? named('busy', error) : error;
      }
    },
  ),
  clientSaboteur(
    'unreachable',
    'a target that cannot be reached is taken for a refusal',
    class extends SampleClient {
      protected override errorOfTransport(error: unknown, request: SampleRequest): SampleError {
        const named1 = super.errorOfTransport(error, request);
        return named1.what === 'nobody answers' ? named('rejected', named1) : named1;
      }
    },
  ),
  clientSaboteur(
    'blocked',
    'a closed period is taken for wrong content',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const error = super.errorOf(reply, text, request);
        return reply.status === 423 ? named('rejected', error) : error;
      }
    },
  ),
  saboteur(
    'blocked',
    'the first open date is told as the last closed one',
    class extends SampleService {
      override async chart(): Promise<ServiceChart> {
        const { lockedThrough, ...chart } = await super.chart();
        return lockedThrough === undefined ? chart : { ...chart, lockedThrough: addDays(lockedThrough, 1) };
      }
    },
  ),
  saboteur(
    'blocked',
    'a voucher of a closed period is moved to the next open date',
    class extends SampleService {
      protected override async write(body: SampleBody): Promise<string> {
        try {
          return await super.write(body);
        } catch (error) {
          const { lockedThrough } = await this.chart();
          if (!(error instanceof SampleError) || error.kind !== 'blocked' || lockedThrough === undefined) throw error;
          return super.write({ ...body, date: addDays(plainDate(lockedThrough), 1) });
        }
      }
    },
  ),
  saboteur(
    'refused-line',
    'nobody is told which line was refused',
    class extends SampleService {
      protected override afterRefusal(error: unknown, body: SampleBody): Promise<Receipt> {
        if (error instanceof SampleError && error.told.line !== undefined) throw named('rejected', error);
        return super.afterRefusal(error, body);
      }
    },
  ),
  saboteur(
    'refused-line',
    'after a refusal the connection is of no more use',
    class extends SampleService {
      #isOver = false;

      protected override afterRefusal(error: unknown, body: SampleBody): Promise<Receipt> {
        this.#isOver ||= error instanceof SampleError && error.told.reason === 'unknown-account';
        return super.afterRefusal(error, body);
      }

      protected override write(body: SampleBody): Promise<string> {
        if (!this.#isOver) return super.write(body);
        throw new BilagError('unavailable', {
          what: 'the import was stopped',
          where: body.reference,
          action: 'begin again',
        });
      }
    },
  ),
  saboteur(
    'refused-line',
    'a refused line is left out, and the rest put on a suspense account',
    class extends SampleService {
      protected override async write(body: SampleBody): Promise<string> {
        try {
          return await super.write(body);
        } catch (error) {
          if (!(error instanceof SampleError) || error.told.reason !== 'unknown-account') throw error;
          const at = error.told.line;
          const lines = body.lines.map((line, index) => (index === at ? { ...line, account: '1579' } : line));
          return super.write({ ...body, lines });
        }
      }
    },
  ),
];

/** The same error under another name. */
function named(kind: BilagError['kind'], error: SampleError): SampleError {
  const { what, where, action: now, status, retryAfterMs, told } = error;
  return new SampleError(
    kind,
    { what, where, action: now },
    { ...(status === undefined ? {} : { status }), retryAfterMs, told },
  );
}

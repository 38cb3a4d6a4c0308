import {
  BilagError,
  type Attachment,
  type CompanyInfo,
  type Finding,
  type Receipt,
  type ServiceContext,
  type Voucher,
} from '@bilag/core';
import { SampleClient, SampleError, type SampleConfig, type SampleRequest } from '../../sample/sample-client.ts';
import { SampleService } from '../../sample/sample-service.ts';
import { clientSaboteur, saboteur, type ServiceSaboteur } from './saboteur.ts';

/** Mistakes in how the target, the files and other people's secrets are treated. */
export const mannersSaboteurs: readonly ServiceSaboteur[] = [
  saboteur('still', 'importing the module starts a timer', SampleService, {
    module: new URL('modules/asks-every-minute.ts', import.meta.url),
  }),
  saboteur('still', 'importing the module looks for a settings file', SampleService, {
    module: new URL('modules/reads-settings.ts', import.meta.url),
  }),
  clientSaboteur(
    'still',
    'the credentials are read at connect',
    class extends SampleClient {
      readonly #token: Promise<unknown>;

      constructor(config: SampleConfig, context: ServiceContext) {
        super(config, context);
        this.#token = context.credentials.get(config.credential);
      }

      override async json(request: SampleRequest): Promise<unknown> {
        await this.#token;
        return super.json(request);
      }
    },
  ),
  clientSaboteur(
    'still',
    'the connection is tried out at connect',
    class extends SampleClient {
      constructor(config: SampleConfig, context: ServiceContext) {
        super(config, context);
        this.send({ path: '/company' }, 'none').catch(() => undefined);
      }
    },
    { also: ['busy', 'polite'] },
  ),
  saboteur(
    'still',
    'the voucher is marked as posted',
    class extends SampleService {
      override post(voucher: Voucher, reference: string): Promise<Receipt> {
        Reflect.set(voucher, 'series', 'POSTED');
        return super.post(voucher, reference);
      }
    },
  ),
  saboteur(
    'inspected',
    'what is amiss is not said to be',
    class extends SampleService {
      override async inspect(): Promise<readonly Finding[]> {
        return (await super.inspect()).map((finding) => ({ ...finding, action: '' }));
      }
    },
  ),
  saboteur(
    'inspected',
    'a set-up in which everything can be posted is an error',
    class extends SampleService {
      override async inspect(): Promise<readonly Finding[]> {
        return (await super.inspect()).map((finding) => ({ ...finding, severity: 'error' }));
      }
    },
  ),
  saboteur(
    'inspected',
    'a draft is left there to see whether it is taken',
    class extends SampleService {
      override async inspect(): Promise<readonly Finding[]> {
        await this.client.json({ method: 'POST', path: '/drafts', json: {} });
        return super.inspect();
      }
    },
  ),
  saboteur(
    'attachment',
    'files are sent as text',
    class extends SampleService {
      override attach(id: string, file: Attachment): Promise<void> {
        const content = new TextEncoder().encode(new TextDecoder().decode(file.content));
        return super.attach(id, { ...file, content });
      }
    },
  ),
  saboteur(
    'attachment',
    'a file is added without looking whether it is there',
    class extends SampleService {
      override async attach(id: string, { name, content }: Attachment): Promise<void> {
        await this.client.json({ method: 'POST', path: `/vouchers/${id}/files?name=${name}`, bytes: content });
      }
    },
  ),
  saboteur(
    'attachment',
    'large files are cut off at half a million bytes',
    class extends SampleService {
      override attach(id: string, file: Attachment): Promise<void> {
        return super.attach(id, { ...file, content: file.content.subarray(0, 500_000) });
      }
    },
  ),
  saboteur(
    'attachment',
    'a file that was answered with an error is taken for not stored',
    class extends SampleService {
      override async attach(id: string, file: Attachment): Promise<void> {
        try {
          await super.attach(id, file);
        } catch (error) {
          throw new BilagError(
            'unavailable',
            { what: 'it was not stored', where: id, action: 'try again' },
            { cause: error },
          );
        }
      }
    },
    { also: ['own-words'] },
  ),
  saboteur(
    'polite',
    'who we talk to is asked without waiting for a turn',
    class extends SampleService {
      override async identify(): Promise<CompanyInfo> {
        const { config, context } = this.client;
        const turn: ServiceContext['turn'] = (_credential, work) => work();
        return new SampleService(this.view, new SampleClient(config, { ...context, turn })).identify();
      }
    },
  ),
  clientSaboteur(
    'polite',
    'a read that failed is tried again in the same turn',
    class extends SampleClient {
      protected override async exchange(request: SampleRequest, token: string): Promise<unknown> {
        try {
          return await super.exchange(request, token);
        } catch (error) {
          const mayPass = error instanceof SampleError && error.status === 503 && request.method === undefined;
          if (!mayPass) throw error;
          return super.exchange(request, token);
        }
      }
    },
  ),
  clientSaboteur(
    'quiet',
    'the log is told the headers of every request',
    class extends SampleClient {
      protected override exchange(request: SampleRequest, token: string): Promise<unknown> {
        this.context.onEvent?.({ path: request.path, headers: { authorization: `Bearer ${token}` } });
        return super.exchange(request, token);
      }
    },
  ),
  clientSaboteur(
    'quiet',
    'an error shows what the target answered',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest): SampleError {
        const { kind, what, where, action: now, status, retryAfterMs, told } = super.errorOf(reply, text, request);
        const facts = { ...(status === undefined ? {} : { status }), retryAfterMs, told };
        return new SampleError(kind, { what: `${what} ${text}`, where, action: now }, facts);
      }
    },
  ),
  clientSaboteur(
    'quiet',
    'an error carries the request as its cause',
    class extends SampleClient {
      protected override async exchange(request: SampleRequest, token: string): Promise<unknown> {
        try {
          return await super.exchange(request, token);
        } catch (error) {
          if (error instanceof Error) error.cause = { request, token };
          throw error;
        }
      }
    },
  ),
  clientSaboteur(
    'quiet',
    'the token stands in the address',
    class extends SampleClient {
      protected override send(request: SampleRequest, token: string): Promise<Response> {
        const separator = request.path.includes('?') ? '&' : '?';
        return super.send({ ...request, path: `${request.path}${separator}access_token=${token}` }, token);
      }
    },
  ),
  clientSaboteur(
    'quiet',
    'where the target leads the request follows',
    class extends SampleClient {
      protected override get redirect(): 'manual' | 'follow' {
        return 'follow';
      }
    },
    { also: ['own-words'] },
  ),
];

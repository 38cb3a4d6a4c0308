import type { Attachment, PlainDate, Posted, Receipt, Voucher } from '@bilag/core';
import { asking, SampleClient, type SampleRequest, type Told } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody, type SampleVoucher } from '../../sample/sample-service.ts';
import { TwoStepService } from '../../sample/two-step-service.ts';
import { clientSaboteur, saboteur, type ServiceSaboteur } from './saboteur.ts';

/** Mistakes about what proves that nothing was written, and about whether this process may still write. */
export const fenceSaboteurs: readonly ServiceSaboteur[] = [
  clientSaboteur(
    'own-words',
    'a status is believed, whoever gave it',
    class extends SampleClient {
      protected override isRefusal(status: number): boolean {
        return status < 500 && status !== 408;
      }
    },
  ),
  clientSaboteur(
    'own-words',
    'a lead elsewhere is taken for nothing done',
    class extends SampleClient {
      protected override isRefusal(status: number, told: Told, request: SampleRequest): boolean {
        return (status >= 300 && status < 400) || super.isRefusal(status, told, request);
      }
    },
  ),
  clientSaboteur(
    'own-words',
    'any JSON is taken for the words of the target',
    class extends SampleClient {
      protected override errorOf(reply: Response, text: string, request: SampleRequest) {
        const isJson = text.startsWith('{') && text.endsWith('}');
        return super.errorOf(
          reply,
          isJson ? JSON.stringify({ reason: 'refused', ...JSON.parse(text) }) : text,
          request,
        );
      }
    },
  ),
  clientSaboteur(
    'own-words',
    'a caller that went away (499) is taken for a refusal where the words are right',
    class extends SampleClient {
      protected override isRefusal(status: number, told: Told, request: SampleRequest): boolean {
        return (status === 499 && told.reason !== undefined) || super.isRefusal(status, told, request);
      }
    },
  ),
  clientSaboteur(
    'own-words',
    'no refusal of a write is ever believed',
    class extends SampleClient {
      protected override isRefusal(status: number, told: Told, request: SampleRequest): boolean {
        return request.method !== 'POST' && super.isRefusal(status, told, request);
      }
    },
    { also: 'many' },
  ),
  saboteur(
    'own-words',
    'a page in place of a reply to a reversal is taken for nothing done',
    class extends SampleService {
      override async reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        try {
          return await super.reverse(id, date, reference);
        } catch (error) {
          if (error instanceof Error && 'status' in error && error.status === 403)
            Object.assign(error, { kind: 'forbidden' });
          throw error;
        }
      }
    },
  ),
  saboteur(
    'finished',
    'nobody looks for drafts',
    class extends TwoStepService {
      protected override async drafts(): Promise<readonly SampleVoucher[]> {
        return [];
      }
    },
  ),
  saboteur(
    'finished',
    'a draft is taken for a booked voucher',
    class extends TwoStepService {
      override async find(reference: string): Promise<readonly Posted[]> {
        return (await super.find(reference)).map(({ isUnfinished: _isUnfinished, ...posted }) => posted);
      }
    },
    { also: 'many' },
  ),
  clientSaboteur(
    'fenced',
    'nobody is asked',
    class extends SampleClient {
      protected override async ask(): Promise<void> {
        // Nothing.
      }
    },
  ),
  clientSaboteur(
    'fenced',
    'it is asked, and the answer is of no interest',
    class extends SampleClient {
      protected override async ask(): Promise<void> {
        await super.ask().catch(() => undefined);
      }
    },
  ),
  clientSaboteur(
    'fenced',
    'it is asked before the turn, which may be long in coming',
    class extends SampleClient {
      override async json(request: SampleRequest): Promise<unknown> {
        if (request.method === 'POST') await super.ask();
        return super.json(request);
      }

      protected override async ask(): Promise<void> {
        // It was asked.
      }
    },
  ),
  clientSaboteur(
    'fenced',
    'a pause is made after it was asked',
    class extends SampleClient {
      protected override async ask(): Promise<void> {
        await super.ask();
        await this.context.sleep(1_000);
      }
    },
  ),
  saboteur(
    'fenced',
    'the chart is read after it was asked',
    class extends SampleService {
      protected override async write(body: SampleBody): Promise<string> {
        await this.client.askFor(this.client.config.timeoutMs);
        await this.chart();
        return asking(undefined, () => super.write(body));
      }
    },
  ),
  saboteur(
    'fenced',
    'a reversal asks nobody',
    class extends SampleService {
      override reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        return asking(undefined, () => super.reverse(id, date, reference));
      }
    },
  ),
  saboteur(
    'fenced',
    'a file asks nobody',
    class extends SampleService {
      override attach(id: string, file: Attachment): Promise<void> {
        return asking(undefined, () => super.attach(id, file));
      }
    },
  ),
  saboteur(
    'fenced',
    'refused once it asks again, and writes then',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        try {
          return await super.post(voucher, reference);
        } catch (error) {
          if (!(error instanceof Error) || !error.message.includes('taken over')) throw error;
          return super.post(voucher, reference);
        }
      }
    },
  ),
  clientSaboteur(
    'fenced',
    'the time a write may take has no bound',
    class extends SampleClient {
      protected override async ask(): Promise<void> {
        await this.askFor(Infinity);
      }
    },
  ),
];

import { expectedDigest, plainDate, type PlainDate, type Posted, type Receipt, type Voucher } from '@bilag/core';
import { SampleClient, SampleError, type SampleRequest } from '../../sample/sample-client.ts';
import { SampleService, type SampleBody } from '../../sample/sample-service.ts';
import { clientSaboteur, saboteur, type ServiceSaboteur } from './saboteur.ts';

/** Mistakes that one voucher, one company and a search that succeeds do not show. */
export const togetherSaboteurs: readonly ServiceSaboteur[] = [
  saboteur(
    'once',
    'the voucher that is being posted is kept in the connection, where the next one takes its place',
    class extends SampleService {
      #current: SampleBody | undefined;

      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        this.#current = super.toBody(voucher, reference);
        await this.#checked();
        return super.post(voucher, reference);
      }

      async #checked(): Promise<void> {
        await Promise.resolve();
      }

      override toBody(voucher: Voucher, reference: string): SampleBody {
        const own = this.#current;
        return own === undefined ? super.toBody(voucher, reference) : own;
      }
    },
  ),
  saboteur(
    'once',
    'what is read back is what was written last, by whomever',
    class extends SampleService {
      #last = '';

      protected override async write(body: SampleBody): Promise<string> {
        this.#last = await super.write(body);
        return this.#last;
      }

      protected override async receipt(id: string, outcome: Receipt['outcome'], voucher?: Voucher): Promise<Receipt> {
        if (voucher === undefined) return super.receipt(id, outcome);
        await this.chart();
        return super.receipt(this.#last, outcome);
      }
    },
    { also: ['error-after-commit'] },
  ),
  saboteur(
    'other-content',
    'what the target refuses as a duplicate is taken for what was to be posted',
    class extends SampleService {
      override async post(voucher: Voucher, reference: string): Promise<Receipt> {
        const receipt = await super.post(voucher, reference);
        if (receipt.outcome === 'created') return receipt;
        return { ...receipt, digest: expectedDigest(voucher, { vat: this.view }) };
      }
    },
    { dedupe: { by: 'server-reference' } },
  ),
  clientSaboteur('identified', 'the first token of the process is used for every company', tokenOfTheProcess()),
  unsearched('an error of the target is taken for nothing found', ({ status = 0 }) => status >= 500),
  unsearched('a missing right is taken for nothing found', ({ status }) => status === 403),
  unsearched('no reply is taken for nothing found', ({ status }) => status === undefined),
  saboteur(
    'listed',
    'a list ends where the target fails',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        try {
          yield* super.list(from, to);
        } catch (error) {
          if (!(error instanceof SampleError)) throw error;
        }
      }
    },
  ),
  saboteur(
    'date',
    'the dates of a list are midnights in Greenwich, told by the clock on this wall',
    class extends SampleService {
      override async *list(from: PlainDate, to: PlainDate): AsyncGenerator<Posted> {
        yield* super.list(hereOf(from), hereOf(to));
      }
    },
  ),
  saboteur(
    'date',
    'the date of a reversal is a midnight in Greenwich, told by the clock on this wall',
    class extends SampleService {
      override reverse(id: string, date: PlainDate, reference: string): Promise<Receipt> {
        return super.reverse(id, hereOf(date), reference);
      }
    },
  ),
];

function unsearched(mistake: string, isNothing: (error: SampleError) => boolean): ServiceSaboteur {
  return saboteur(
    'found',
    mistake,
    class extends SampleService {
      override async find(reference: string): Promise<readonly Posted[]> {
        try {
          return await super.find(reference);
        } catch (error) {
          if (error instanceof SampleError && isNothing(error)) return [];
          throw error;
        }
      }
    },
  );
}

function tokenOfTheProcess(): typeof SampleClient {
  let token: Promise<string> | undefined;
  return class extends SampleClient {
    override async json(request: SampleRequest): Promise<unknown> {
      const { credential } = this.config;
      token ??= this.context.credentials.get(credential).then((secrets) => secrets['token'] ?? '');
      const own = await token;
      return this.context.turn(credential, () => this.exchange(request, own));
    }
  };
}

function hereOf(date: PlainDate): PlainDate {
  const day = new Date(date);
  const [month, ofMonth] = [day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0'));
  return plainDate(`${day.getFullYear()}-${month}-${ofMonth}`);
}

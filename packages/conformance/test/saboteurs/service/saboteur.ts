import type { ServiceSubject } from '@bilag/conformance';
import { sampleSubject, type SampleVariant } from '../../sample/sample-adapter.ts';
import type { SampleClient, SampleConfig } from '../../sample/sample-client.ts';
import type { SampleService } from '../../sample/sample-service.ts';

/** An adapter with one mistake, and the laws that must miss what it does. */
export interface ServiceSaboteur {
  /** The law it is made for. */
  readonly breaks: string;
  readonly mistake: string;
  /** Laws that the same mistake breaks too, where it cannot be made without; `many` where little is left. */
  readonly also: readonly string[] | 'many';
  readonly subject: ServiceSubject<SampleConfig>;
}

/** The sample adapter with one mistake in its service. */
export function saboteur(
  breaks: string,
  mistake: string,
  service: typeof SampleService,
  { also = [], ...variant }: SampleVariant & { readonly also?: ServiceSaboteur['also'] } = {},
): ServiceSaboteur {
  return { breaks, mistake, also, subject: sampleSubject({ title: mistake, ...variant, service }) };
}

/** The sample adapter with one mistake in what talks to the target. */
export function clientSaboteur(
  breaks: string,
  mistake: string,
  client: typeof SampleClient,
  { also = [], ...variant }: SampleVariant & { readonly also?: ServiceSaboteur['also'] } = {},
): ServiceSaboteur {
  return { breaks, mistake, also, subject: sampleSubject({ title: mistake, ...variant, client }) };
}

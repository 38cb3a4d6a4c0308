/** A module that keeps its token fresh from the moment it is imported. */
import { sampleAdapter } from '../../../sample/sample-adapter.ts';
import type { SampleConfig } from '../../../sample/sample-client.ts';
import type { ServiceAdapter } from '@bilag/core';

export const adapter: ServiceAdapter<SampleConfig> = sampleAdapter();

setInterval(() => adapter.id, 60_000);

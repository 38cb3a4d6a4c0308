/** A module that looks for settings of its own when it is imported. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sampleAdapter } from '../../../sample/sample-adapter.ts';
import type { SampleConfig } from '../../../sample/sample-client.ts';
import type { ServiceAdapter } from '@bilag/core';

export const adapter: ServiceAdapter<SampleConfig> = sampleAdapter();

export const settings: string = settingsOrNothing();

function settingsOrNothing(): string {
  try {
    return readFileSync(join(homedir(), '.sample-settings'), 'utf8');
  } catch {
    return '';
  }
}

import { powerOffice } from '@bilag/poweroffice';
import { describe, expect, test } from 'vitest';

const credentials = 'env:POWEROFFICE';

describe('the config', () => {
  test('one reference is enough, and production the default', () => {
    expect(powerOffice.config['~standard'].validate({ credentials })).toEqual({
      value: {
        credentials,
        application: credentials,
        clearingAccounts: [],
        host: 'https://goapi.poweroffice.net',
        timeoutMs: 30_000,
      },
    });
  });

  test.each([
    ['no reference', {}],
    ['a name that is not known', { credentials, token: 'x' }],
    ['an address that anybody can read', { credentials, host: 'http://goapi.poweroffice.net' }],
    ['a clearing account that is no number', { credentials, clearingAccounts: ['1579 Vipps'] }],
    ['a request that outlasts the takeover', { credentials, timeoutMs: 600_000 }],
  ])('%s is refused', (_, config) => {
    expect(powerOffice.config['~standard'].validate(config)).toMatchObject({ issues: [{}] });
  });
});

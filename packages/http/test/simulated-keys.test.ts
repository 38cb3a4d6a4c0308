import { createHttpClient } from '@bilag/http';
import { describe, expect, test } from 'vitest';

describe('keys of a simulator', () => {
  test.each([
    ['https://api.example.test', { secrets: ['simulated-secret'] }, {}],
    ['https://api.example.test', {}, { headers: { authorization: 'Bearer simulated-token' } }],
    ['https://api.example.test', {}, { query: { consumerToken: 'simulated-consumer' } }],
    ['https://127.0.0.1.evil.example', { secrets: ['simulated-secret'] }, {}],
    ['https://localhost.example.test', { secrets: ['simulated-secret'] }, {}],
  ])('are not sent to %s', async (baseUrl, options, request) => {
    let asked = 0;
    const client = createHttpClient({ baseUrl, ...options, onEvent: () => (asked += 1) });
    await expect(client.get('/', request)).rejects.toMatchObject({
      kind: 'config',
      what: 'these are the keys of a simulator, and this is not one',
    });
    expect(asked).toBe(0);
    await client.close();
  });
});

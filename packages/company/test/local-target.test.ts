import { describe, expect, test } from 'vitest';
import type { ServiceAdapter } from '@bilag/core';
import { paceOf } from '../src/target/local-target.ts';

/** An adapter whose config is the address itself. */
const searched = {
  contract: 1,
  kind: 'service',
  id: 'books',
  dedupe: { by: 'search', settlesMs: 600_000 },
  addressOf: (address: string) => address,
} as unknown as ServiceAdapter;

const dedupeAt = (config: unknown, adapter = searched): unknown =>
  paceOf({ name: 'books', adapter, config }, {}).adapter.dedupe;

describe('how long a target may take to show a voucher', () => {
  test.each(['https://books.example', 'https://127.0.0.1.books.example', 'http://localhost.example'])(
    '%s: the time its adapter declares',
    (address) => {
      expect(dedupeAt(address)).toEqual({ by: 'search', settlesMs: 600_000 });
    },
  );

  test.each(['http://127.0.0.1:8080/v2', 'http://localhost:1', 'http://[::1]:1'])(
    '%s: a simulator on this machine shows it within seconds',
    (address) => {
      expect(dedupeAt(address)).toEqual({ by: 'search', settlesMs: 25_000 });
    },
  );

  test('an adapter that does not say where it goes is given its declared time', () => {
    const { addressOf: _, ...silent } = searched;
    expect(dedupeAt('http://127.0.0.1:8080', silent as ServiceAdapter)).toEqual({ by: 'search', settlesMs: 600_000 });
  });

  test('what does not search is taken as it is', () => {
    const adapter = { ...searched, dedupe: { by: 'server-reference' } } as ServiceAdapter;
    expect(dedupeAt('http://127.0.0.1:8080', adapter)).toEqual({ by: 'server-reference' });
  });
});

import { BilagError } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { Remembered } from '../src/index.ts';

function counting(fails = 0): Remembered<number> {
  let readings = 0;
  return new Remembered(async () => {
    readings += 1;
    if (readings <= fails) throw new Error('no reply');
    return readings;
  });
}

function refusal(kind: 'rejected' | 'unavailable'): BilagError {
  return new BilagError(kind, { what: 'no such account', where: 'line 1', action: 'add it' });
}

describe('what is read of a target is kept for the connection', () => {
  test('it is read once, by those who ask at the same time too', async () => {
    const register = counting();
    expect(await Promise.all([register.get(), register.get()])).toEqual([1, 1]);
    register.forget();
    expect(await register.get()).toBe(2);
  });

  test('a reading that failed is made again', async () => {
    const register = counting(1);
    await expect(register.get()).rejects.toThrow('no reply');
    expect(await register.get()).toBe(2);
  });

  test('what it refuses is checked once more, against what is there now', async () => {
    const register = counting();
    const check = (value: number): string => {
      if (value < 2) throw refusal('rejected');
      return `found in reading ${value}`;
    };
    expect(await register.check(check)).toBe('found in reading 2');
    await expect(
      register.check(() => {
        throw refusal('rejected');
      }),
    ).rejects.toMatchObject({ kind: 'rejected' });
    expect(await register.get()).toBe(3);
  });

  test('any other failure is no reason to read again', async () => {
    const register = counting();
    await expect(
      register.check(() => {
        throw refusal('unavailable');
      }),
    ).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await register.get()).toBe(1);
  });
});

import { describe, expect, test } from 'vitest';
import { changesBetween, knownAfter, type SeenLedger } from '../src/index.ts';
import type { LedgerChange } from '../src/discovery/ledger-changes.ts';

function ledger(id: string, changes: Partial<SeenLedger> = {}): SeenLedger {
  const usual = { currency: 'NOK', owner: '987654321', units: [`api:${id}`], payoutAccount: 'BBAN:NO 86011117947' };
  return { id, ...usual, ...changes };
}

/** What the second look tells after the first; each look is what the keys see. */
function between(...looks: readonly (readonly SeenLedger[])[]): readonly LedgerChange[] {
  let changes: readonly LedgerChange[] = [];
  let known: ReturnType<typeof knownAfter> = [];
  for (const [at, seen] of looks.entries()) {
    changes = changesBetween(known, seen);
    known = knownAfter(known, seen, at);
  }
  return changes;
}

function shortly(changes: readonly LedgerChange[]): readonly string[] {
  return changes.map(({ kind, ledgerId, asks }) => `${kind} ${ledgerId}: ${asks}`);
}

describe('what has changed among the ledgers', () => {
  test('nothing, when nothing has, in whatever order they come', () => {
    expect(between([ledger('1'), ledger('2')], [ledger('2'), ledger('1')])).toEqual([]);
  });

  test('a merchant who grants access is new, one who withdraws it is gone, and may come back', () => {
    expect(shortly(between([ledger('1')], [ledger('1'), ledger('2')]))).toEqual(['new 2: nothing']);
    expect(shortly(between([ledger('1'), ledger('2')], [ledger('2')]))).toEqual(['gone 1: look']);
    expect(shortly(between([ledger('1')], []))).toEqual(['gone 1: look']);
    expect(shortly(between([ledger('1')], [], []))).toEqual([]);
    expect(shortly(between([ledger('1')], [], [ledger('1')]))).toEqual(['back 1: nothing']);
  });

  test('another payout account asks a person, and tells both accounts', () => {
    const [change] = between([ledger('1')], [ledger('1', { payoutAccount: 'BBAN:NO 12345678903' })]);
    expect(change).toMatchObject({ kind: 'payout-account', asks: 'confirm' });
    expect(change?.what).toBe('payouts of ledger 1 go to BBAN:NO 12345678903 now, and went to BBAN:NO 86011117947');
  });

  test('also when the ledger was gone meanwhile, or the account was not told for a while', () => {
    const elsewhere = ledger('1', { payoutAccount: 'BBAN:NO 12345678903' });
    expect(shortly(between([ledger('1')], [], [elsewhere]))).toEqual(['back 1: nothing', 'payout-account 1: confirm']);
    const untold = ledger('1', { payoutAccount: null, owner: null, currency: null });
    expect(between([ledger('1')], [untold])).toEqual([]);
    expect(shortly(between([ledger('1')], [untold], [elsewhere]))).toEqual(['payout-account 1: confirm']);
  });

  test('another owner asks a person', () => {
    expect(shortly(between([ledger('1')], [ledger('1', { owner: '987654330' })]))).toEqual(['owner 1: confirm']);
  });

  test('a sales unit that settles into another ledger has moved', () => {
    const before = [ledger('1', { units: ['api:1', 'api:2'] })];
    const now = [ledger('1'), ledger('3', { units: ['api:2'] })];
    expect(shortly(between(before, now))).toEqual(['described 1: nothing', 'moved 3: look']);
    expect(between(before, now)[1]?.what).toBe('api:2 settles into ledger 3 now, and did into 1');
  });

  test('and asks a person where that ledger is paid out to another account', () => {
    const now = [ledger('3', { units: ['api:1'], payoutAccount: 'BBAN:NO 12345678903' })];
    expect(shortly(between([ledger('1')], now))).toEqual([
      'moved 3: look',
      'payout-account 3: confirm',
      'gone 1: look',
    ]);
  });

  test('what is only described otherwise asks nobody', () => {
    const now = [ledger('1', { units: ['api:1', 'NO:5'], currency: 'EUR' })];
    expect(shortly(between([ledger('1')], now))).toEqual(['described 1: nothing']);
  });
});

import { expectedDigest, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { cafeId, cafeLines, errorFrom, line, openCafe, saleLine, voucherOf } from './support.ts';

const reference = '302401-20260302';
const company = {
  id: cafeId,
  departments: { '10': 'Servering' },
  projects: { '7': 'Sommerterrasse' },
  customers: { '10001': 'Eksempelkunde AS' },
  suppliers: { '20001': 'Vipps MobilePay AS' },
  accounts: [
    { number: '3010', name: 'Salg ute', requires: ['department'] as const },
    { number: '3020', name: 'Salg gammelt', isInactive: true },
  ],
};

describe('a line that Tripletex would refuse is named before anything is sent', () => {
  test.for<[string, Parameters<typeof voucherOf>[0], string]>([
    ['no such account', [line('1920', 100), line('3999', -100)], 'line 2, account 3999): make the account'],
    ['no account number', [line('1920', 100), line('3000:1', -100)], 'line 2, account 3000:1'],
    ['inactive', [line('1920', 100), line('3020', -100)], 'the account is inactive'],
    ['locked to another code', [line('1920', 100), saleLine('3000', -100, '31', 1500)], 'is locked to VAT code 3'],
    ['locked, and no code', [line('1920', 100), line('3000', -100)], 'has VAT code 0, and the account is locked'],
    [
      'a code the account does not take',
      [saleLine('1920', 100, '3', 2500), line('1579', -100)],
      'takes other VAT codes',
    ],
    ['a code nobody knows', [line('1579', 100), saleLine('3010', -100, '99', 2500)], 'VAT code 99 is not one'],
    ['a code of another rate', [line('1579', 100), saleLine('3001', -100, '31', 2500)], 'is not for 25 %'],
    ['no department', [line('1579', 100), line('3010', -100)], 'asks for a department'],
    [
      'an unknown department',
      [line('1579', 100), line('3010', -100, { dimensions: { department: '77' } })],
      'there is no department 77',
    ],
    [
      'an unknown dimension',
      [line('1579', 100, { dimensions: { shop: '1' } }), line('1920', -100)],
      'no dimension "shop"',
    ],
    ['no customer', [line('1500', 100), line('1579', -100)], 'asks for a customer'],
    [
      'an unknown supplier',
      [line('2400', 100, { party: { kind: 'supplier', id: '5' } }), line('1579', -100)],
      'there is no supplier with number 5',
    ],
    [
      'a customer on an account that keeps none',
      [line('1579', 100, { party: { kind: 'customer', id: '10001' } }), line('1920', -100)],
      'the account keeps no customers',
    ],
  ])('%s', async ([, lines, message]) => {
    await using cafe = await openCafe({ companies: [company] });
    const error = await errorFrom(cafe.service.post(voucherOf(lines), reference));
    expect(error.kind).toBe('rejected');
    expect(error.message).toContain(message);
    expect(error.where).toMatch(new RegExp(`^voucher ${reference}, line \\d`));
    expect(cafe.simulator.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('voucher'))).toEqual(
      [],
    );
  });

  test('a company without VAT registration has no code 3, and the error says so', async () => {
    await using cafe = await openCafe({ companies: [{ id: cafeId, isVatRegistered: false }] });
    const error = await errorFrom(cafe.service.post(voucherOf(), reference));
    expect(error.what).toContain('VAT_NOT_REGISTERED');
  });

  test('a voucher in kroner of another country', async () => {
    await using cafe = await openCafe();
    const error = await errorFrom(cafe.service.post(voucherOf(cafeLines, { currency: 'DKK' }), reference));
    expect(error.what).toBe('the voucher is in DKK, and the books are in NOK');
  });
});

test('departments, projects, customers and suppliers are posted, and read back by their numbers', async () => {
  await using cafe = await openCafe({ companies: [company] }, { voucherType: 'Betaling' });
  const voucher = voucherOf([
    line('3010', -100, { dimensions: { department: '10', project: '7' } }),
    line('1500', 60, { party: { kind: 'customer', id: '10001' } }),
    line('2400', 40, { party: { kind: 'supplier', id: '20001' } }),
  ]);
  const receipt = await cafe.service.post(voucher, reference);
  expect(receipt.digest).toBe(expectedDigest(voucher, 'gross'));
  const [held] = cafe.simulator.backDoor.company().vouchers();
  expect(held?.voucherType).toBe('Betaling');
  expect(held?.postings).toMatchObject([
    { department: '10', project: '7' },
    { customer: '10001' },
    { supplier: '20001' },
  ]);
});

test('texts of any language arrive as they are, and the reference stays whole at the end', async () => {
  await using cafe = await openCafe();
  const description = `Kafé «Ærlig» — 寿司 🍣 ${'x'.repeat(300)}`;
  const voucher = voucherOf([line('1920', 100, { text: 'Påfyll ☕' }), line('1579', -100)], { description });
  await cafe.service.post(voucher, reference);
  const [held] = cafe.simulator.backDoor.company().vouchers();
  expect(held?.description.length).toBeLessThanOrEqual(255);
  expect(held?.description).toMatch(/^Kafé «Ærlig» — 寿司 🍣 x+ 302401-20260302$/);
  expect(held?.postings[0]?.description).toBe('Påfyll ☕');
  await cafe.service.post(voucherOf(undefined, { description: '🍣'.repeat(200) }), '302401-20260303');
  expect(cafe.simulator.backDoor.company().vouchers()[1]?.description).toMatch(/^(?:🍣)+ 302401-20260303$/u);
});

describe('a closed period', () => {
  test('is known before anything is sent', async () => {
    await using cafe = await openCafe();
    cafe.simulator.backDoor.company().closeThrough(plainDate('2026-03-31'));
    const error = await errorFrom(cafe.service.post(voucherOf(), reference));
    expect(error.kind).toBe('blocked');
    expect(error.what).toBe('the accounting period of 2026-03-02 is closed');
    expect(cafe.simulator.requests.some(({ method, path }) => method === 'POST' && path.endsWith('/voucher'))).toBe(
      false,
    );
  });

  test('that was closed since we looked is known by the refusal', async () => {
    await using cafe = await openCafe();
    await cafe.service.chart();
    cafe.simulator.backDoor.company().closeThrough(plainDate('2026-03-31'));
    expect((await errorFrom(cafe.service.post(voucherOf(), reference))).kind).toBe('blocked');
  });

  test('that is opened again is open to the next voucher', async () => {
    await using cafe = await openCafe();
    cafe.simulator.backDoor.company().closeThrough(plainDate('2026-03-31'));
    expect((await errorFrom(cafe.service.post(voucherOf(), reference))).kind).toBe('blocked');
    cafe.simulator.backDoor.company().closeThrough(plainDate('2026-02-28'));
    expect((await cafe.service.post(voucherOf(), reference)).outcome).toBe('created');
  });

  test('a bank account that is reconciled is closed too', async () => {
    await using cafe = await openCafe();
    cafe.simulator.backDoor.company().reconcile('1920', plainDate('2026-03-31'));
    expect((await errorFrom(cafe.service.post(voucherOf(), reference))).kind).toBe('blocked');
  });
});

test('without the permission to post, nothing is posted', async () => {
  await using cafe = await openCafe();
  cafe.simulator.backDoor.company().allowPosting(false);
  const error = await errorFrom(cafe.service.post(voucherOf(), reference));
  expect(error.kind).toBe('forbidden');
  expect(error.action).toContain('Avansert bilag');
});

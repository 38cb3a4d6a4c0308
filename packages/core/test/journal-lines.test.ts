import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount } from '../src/index.ts';
import type { BookedFact, Posting } from '../src/posting/booked-fact.ts';
import { journalLines, SummaryKeys } from '../src/posting/journal-lines.ts';
import { lineText, textsByLanguage, type Language, type PostingKind } from '../src/policy/texts.ts';

const posting = (value: number, more: Partial<Posting> = {}): Posting => ({
  account: '1579',
  amount: amount(value),
  kind: 'capture',
  ...more,
});

const fact = (id: string, reference: string | null, ...postings: readonly Posting[]): BookedFact => ({
  id,
  reference,
  document: 'journal',
  postings,
  preBooked: amount(0),
  findings: [],
});

test('the text of a line is its template with the reference in it, without blanks at its ends', () => {
  const languages = fc.constantFrom(...(Object.keys(textsByLanguage) as Language[]));
  const kinds = fc.constantFrom(...(Object.keys(textsByLanguage.nb.lines) as PostingKind[]));
  const reference = fc.oneof(fc.string(), fc.constantFrom('', '50000000001', 'p 1 ', '\u00a0', 'å\u00a0', '\t', 'æ'));
  fc.assert(
    fc.property(languages, kinds, reference, (language, kind, own) => {
      const plain = textsByLanguage[language].lines[kind].split('{reference}').join(own).trim();
      expect(lineText(language, kind, own)).toBe(plain);
    }),
  );
});

const summary = (...facts: readonly BookedFact[]): unknown[] => journalLines(facts, 'summary', 'nb');

describe('a summary line', () => {
  test('adds up one account, and names every fact in it once', () => {
    expect(
      summary(fact('a', 'p1', posting(100), posting(20)), fact('b', 'p2', posting(3)), {
        ...fact('c', 'p3', posting(-1)),
        twins: ['d'],
      }),
    ).toStrictEqual([{ account: '1579', amount: 122, text: 'Salg (4 stk.)', facts: ['a', 'b', 'c', 'd'] }]);
  });

  test('keeps the reference of a single fact, and one that all its facts share', () => {
    const text = 'Salg p1';
    expect(summary(fact('a', 'p1', posting(5)))).toMatchObject([{ text, reference: 'p1' }]);
    expect(summary(fact('a', 'p1', posting(5)), fact('b', 'p1', posting(6)))).toMatchObject([
      { text, reference: 'p1' },
    ]);
    const mixed = summary(fact('a', 'p1', posting(5)), fact('b', 'p2', posting(6)), fact('c', 'p3', posting(7)));
    expect(summary(fact('a', 'p1', posting(5)), fact('b', null, posting(6)))).toMatchObject([
      { text: 'Salg (2 stk.)' },
    ]);
    expect(mixed).toStrictEqual([{ account: '1579', amount: 18, text: 'Salg (3 stk.)', facts: ['a', 'b', 'c'] }]);
  });

  test('has none where its facts have none', () => {
    expect(summary(fact('a', null, posting(5)))).toStrictEqual([
      { account: '1579', amount: 5, text: 'Salg', facts: ['a'] },
    ]);
    expect(summary(fact('a', null, posting(5)), fact('b', null, posting(5)))).toMatchObject([
      { text: 'Salg (2 stk.)' },
    ]);
  });

  test('that comes to nothing is left out', () => {
    expect(summary(fact('a', 'p1', posting(5)), fact('b', 'p2', posting(-5)))).toEqual([]);
  });

  test.each<[string, Partial<Posting>]>([
    ['account', { account: '1580' }],
    ['kind', { kind: 'refund' }],
    ['role', { role: 'clearing' }],
    ['customer', { party: { kind: 'customer', id: '7' } }],
    ['department', { dimensions: { department: '20' } }],
    ['VAT code', { vat: { kind: 'contained', code: '31', rateBasisPoints: 2500, account: '2700' } }],
    ['VAT rate', { vat: { kind: 'contained', code: '3', rateBasisPoints: 1500, account: '2700' } }],
  ])('holds one %s only', (_, more) => {
    const usual = {
      dimensions: { department: '10' },
      vat: { kind: 'contained', code: '3', rateBasisPoints: 2500, account: '2700' },
    } as const;
    const facts = [fact('a', 'p1', posting(100, usual)), fact('b', 'p2', posting(50, { ...usual, ...more }))];
    expect(journalLines(facts, 'summary', 'nb').map((line) => line.amount)).toEqual([100, 50]);
  });

  test('does not mind the order in which dimensions are written', () => {
    const [one, other] = [
      { project: '7', department: '10' },
      { department: '10', project: '7' },
    ];
    expect(
      summary(fact('a', 'p1', posting(1, { dimensions: one })), fact('b', 'p2', posting(2, { dimensions: other }))),
    ).toMatchObject([{ amount: 3 }]);
  });

  test('computes VAT from its own gross', () => {
    const vat = { kind: 'contained', code: '3', rateBasisPoints: 2500, account: '2700' } as const;
    const cents = Array.from({ length: 10 }, (_, n) => fact(`f${n}`, null, posting(2, { vat })));
    expect(summary(...cents)).toMatchObject([{ amount: 20, vat: { ...vat, net: 16, amount: 4 } }]);
  });
});

describe('a line of an entry', () => {
  const line = (value: Posting, reference: string | null = 'p1'): unknown =>
    journalLines([fact('a', reference, value)], 'entry', 'nb')[0];

  test('has what its posting has, and nothing more', () => {
    expect(line(posting(5))).toStrictEqual({
      account: '1579',
      amount: 5,
      text: 'Salg p1',
      reference: 'p1',
      facts: ['a'],
    });
    const party = { kind: 'customer', id: '7' } as const;
    expect(line(posting(5, { role: 'receivable', party, dimensions: { department: '10' } }), null)).toStrictEqual({
      account: '1579',
      amount: 5,
      role: 'receivable',
      dimensions: { department: '10' },
      party,
      text: 'Salg',
      facts: ['a'],
    });
    expect(line(posting(5, { dimensions: {} }), null)).not.toHaveProperty('dimensions');
  });

  test('says reverse charge of VAT that no invoice carries', () => {
    const vat = { kind: 'reverse-charge', code: '86', rateBasisPoints: 2500, account: '2709' } as const;
    expect(line(posting(1000, { vat }))).toMatchObject({
      vat: { ...vat, deductionAccount: null, net: 1000, amount: 250 },
    });
  });

  test('shows the number of a payout as the bank statement does, and no endless reference', () => {
    const shown = (reference: string): unknown => line(posting(5, { kind: 'payout' }), reference);
    expect(shown('302321-2000045')).toMatchObject({ text: 'Utbetaling 2000045', reference: '302321-2000045' });
    expect(shown('acme-2026-x')).toMatchObject({ text: 'Utbetaling acme-2026-x' });
    expect(shown('acme-20260302-x')).toMatchObject({ text: 'Utbetaling acme-20260302-x' });
    expect(shown('r'.repeat(80))).toMatchObject({ text: `Utbetaling ${'r'.repeat(60)}` });
  });
});

test('what is added up on one summary line has the same account, kind, role, VAT, party and dimensions', () => {
  const text = fc.constantFrom('3000', '3', '3 0', ' ', '', '"');
  const dimensions = fc.dictionary(fc.constantFrom('a', 'b'), text, { noNullPrototype: true });
  const shared = {
    vat: [
      { kind: 'contained', code: '3', rateBasisPoints: 2500, account: '2700' },
      { kind: 'contained', code: '3', rateBasisPoints: 2500, account: null },
      { kind: 'contained', code: '3', rateBasisPoints: 1500, account: '2700' },
    ] as const,
    party: [
      { kind: 'customer', id: '3' },
      { kind: 'customer', id: '3000' },
    ] as const,
  };
  const drawnPosting: fc.Arbitrary<Posting> = fc
    .record({
      account: text,
      kind: fc.constantFrom('capture' as const, 'fee' as const),
      amount: fc.constant(amount(1)),
      role: fc.constantFrom('clearing' as const, 'fee' as const, undefined),
      // The same object, one like it, or none.
      vat: fc.constantFrom(...shared.vat, ...shared.vat.map((vat) => ({ ...vat })), undefined),
      party: fc.constantFrom(...shared.party, ...shared.party.map((party) => ({ ...party })), undefined),
      dimensions: fc.option(dimensions, { nil: undefined }),
    })
    .map((drawn) => Object.fromEntries(Object.entries(drawn).filter(([, each]) => each !== undefined)) as never);
  const plainKey = ({ account, kind, role, vat, party, dimensions: own }: Posting): string =>
    JSON.stringify([
      [account, kind, role, vat?.code, vat?.rateBasisPoints, vat?.account, party?.id],
      own === undefined ? null : Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  fc.assert(
    fc.property(fc.array(drawnPosting, { maxLength: 30 }), (postings) => {
      const keys = new SummaryKeys();
      const places = (keyOf: (posting: Posting) => string): number[] => {
        const all = postings.map(keyOf);
        return all.map((key) => all.indexOf(key));
      };
      expect(places((each) => keys.of(each))).toEqual(places(plainKey));
    }),
    { numRuns: 500 },
  );
});

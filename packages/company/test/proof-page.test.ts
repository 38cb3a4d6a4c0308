import { amount, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { proofPage, type Proof } from '../src/index.ts';

const date = plainDate('2026-01-31');

function proofOf(changes: Partial<Proof> = {}): Proof {
  return {
    company: { id: 'cafe', name: 'Kafé <script>alert(1)</script> & Sønn', organisationNumber: '987654321' },
    currency: 'NOK',
    period: { from: plainDate('2026-01-01'), to: date },
    isProved: false,
    tables: [
      {
        id: 'transit',
        about: 'transit',
        title: 'Payouts in transit',
        lines: [
          { id: 'transit-opening', is: 'opening', label: 'Opening', amount: amount(0), rows: [] },
          {
            id: 'transit-scheduled',
            is: 'movement',
            label: 'Scheduled',
            amount: amount(-123_456_789),
            rows: [
              { date, text: 'payout "1" <b>', amount: amount(-123_456_789), age: 3, vouchers: ['302321-20260131'] },
            ],
          },
          { id: 'transit-difference', is: 'difference', label: 'Difference', amount: amount(7), rows: [] },
        ],
      },
    ],
    dates: 31,
    provedDates: 30,
    balances: [
      { date: plainDate('2026-01-01'), beforePayout: amount(500), amount: amount(0) },
      { date, beforePayout: amount(900), amount: amount(-100) },
    ],
    findings: [
      {
        code: 'payout-overdue',
        severity: 'error',
        message: 'late <i>',
        where: 'ledger',
        action: 'look',
        amount: amount(7),
      },
    ],
    ...changes,
  };
}

describe('the page of a proof', () => {
  const page = proofPage(proofOf());

  test('shows text of others as text', () => {
    expect(page).not.toMatch(/<script|<b>"|<i>/);
    expect(page).toContain('Kafé &lt;script&gt;alert(1)&lt;/script&gt; &amp; Sønn');
    expect(page).toContain('payout &quot;1&quot; &lt;b&gt;');
  });

  test('leads from each figure to its rows, and needs nothing from elsewhere', () => {
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links).toEqual(['transit-scheduled']);
    for (const id of links) expect(page).toContain(`id="${id}"`);
    expect(page).not.toMatch(/https?:|url\(|@import|src=/);
  });

  test('marks what differs, and says how much there is to look at', () => {
    expect(page).toContain('1 thing to look at');
    expect(page).toContain('class="difference wrong"');
    expect(page).toContain('\u22121\u00a0234\u00a0567.89');
  });

  test('draws the balance before and after the payouts', () => {
    expect(page).toMatch(/<path class="balance" d="M84\.0 [\d.]+V[\d.]+L712\.0 [\d.]+V[\d.]+"\/>/);
    expect(proofPage(proofOf({ balances: [] }))).not.toContain('<svg');
  });

  test('has no column of vouchers where no row has one, and room for what the bank says', () => {
    const [table] = proofOf().tables;
    const [opening, scheduled] = table?.lines ?? [];
    if (table === undefined || opening === undefined || scheduled === undefined) throw new TypeError('no table');
    const row = { date, text: 'payout 302321-2000045 (camt053.xml, statement 7, Ntry 1)', amount: scheduled.amount };
    const bare = proofPage(proofOf({ tables: [{ ...table, lines: [opening, { ...scheduled, rows: [row] }] }] }));
    expect(page).toContain('<th scope="col">Vouchers</th>');
    expect(bare).not.toContain('Vouchers</th>');
    expect(bare).toContain('<details class="wide">');
    expect(page).not.toContain('<details class="wide">');
  });

  test('gives the same bytes again', () => {
    expect(proofPage(proofOf())).toBe(page);
  });
});

import { named } from '../named.ts';
import { BilagError } from '../errors.ts';

/** The languages of voucher texts. The Norwegian Bookkeeping Act § 12 accepts Norwegian, Swedish, Danish and English. */
export const languages = ['nb', 'da', 'sv', 'fi', 'en'] as const;
export type Language = (typeof languages)[number];

/** What a line is about: the key of its text, and of the summary line it joins. */
export const postingKinds = [
  'capture',
  'refund',
  'fee',
  'fees-settled',
  'payout',
  'payout-aborted',
  'dispute-retained',
  'dispute-returned',
  'correction',
  'top-up',
  'credit-note',
  'fees-invoiced',
  'unknown',
  'bank-line',
  'fee-invoice',
  'top-up-paid',
] as const;
export type PostingKind = (typeof postingKinds)[number];

/** Templates: `{reference}` is the provider's reference, `{count}` the number of facts, `{provider}`, `{ledger}` and `{date}` the source. */
export interface Texts {
  readonly voucher: string;
  /** Added to the description when a locked period moved the voucher; `{date}` is the original date. */
  readonly moved: string;
  readonly lines: Readonly<Record<PostingKind, string>>;
}

export const textsByLanguage: Readonly<Record<Language, Texts>> = {
  nb: {
    voucher: '{provider} {ledger}, {date}',
    moved: 'flyttet fra låst periode {date}',
    lines: {
      capture: 'Salg {reference}',
      refund: 'Refusjon {reference}',
      fee: 'Gebyr {reference}',
      'fees-settled': 'Gebyr trukket i oppgjør {reference}',
      payout: 'Utbetaling {reference}',
      'payout-aborted': 'Avbrutt utbetaling {reference}',
      'dispute-retained': 'Omtvistet betaling holdt tilbake {reference}',
      'dispute-returned': 'Omtvistet betaling tilbakeført {reference}',
      correction: 'Korreksjon {reference}',
      'top-up': 'Innbetaling av negativ saldo {reference}',
      'credit-note': 'Kreditnota {reference}',
      'fees-invoiced': 'Gebyr fakturert {reference}',
      unknown: 'Ukjent post {reference}',
      'bank-line': 'Utbetaling mottatt {reference}',
      'fee-invoice': 'Gebyrfaktura {reference}',
      'top-up-paid': 'Betalt krav på negativ saldo {reference}',
    },
  },
  da: {
    voucher: '{provider} {ledger}, {date}',
    moved: 'flyttet fra låst periode {date}',
    lines: {
      capture: 'Salg {reference}',
      refund: 'Refusion {reference}',
      fee: 'Gebyr {reference}',
      'fees-settled': 'Gebyr modregnet i afregning {reference}',
      payout: 'Udbetaling {reference}',
      'payout-aborted': 'Afbrudt udbetaling {reference}',
      'dispute-retained': 'Bestridt betaling tilbageholdt {reference}',
      'dispute-returned': 'Bestridt betaling tilbageført {reference}',
      correction: 'Korrektion {reference}',
      'top-up': 'Indbetaling af negativ saldo {reference}',
      'credit-note': 'Kreditnota {reference}',
      'fees-invoiced': 'Gebyr faktureret {reference}',
      unknown: 'Ukendt post {reference}',
      'bank-line': 'Udbetaling modtaget {reference}',
      'fee-invoice': 'Gebyrfaktura {reference}',
      'top-up-paid': 'Betalt krav på negativ saldo {reference}',
    },
  },
  sv: {
    voucher: '{provider} {ledger}, {date}',
    moved: 'flyttad från låst period {date}',
    lines: {
      capture: 'Försäljning {reference}',
      refund: 'Återbetalning {reference}',
      fee: 'Avgift {reference}',
      'fees-settled': 'Avgift avdragen i avräkning {reference}',
      payout: 'Utbetalning {reference}',
      'payout-aborted': 'Avbruten utbetalning {reference}',
      'dispute-retained': 'Bestridd betalning innehållen {reference}',
      'dispute-returned': 'Bestridd betalning återförd {reference}',
      correction: 'Rättelse {reference}',
      'top-up': 'Inbetalning av negativt saldo {reference}',
      'credit-note': 'Kreditnota {reference}',
      'fees-invoiced': 'Avgift fakturerad {reference}',
      unknown: 'Okänd post {reference}',
      'bank-line': 'Utbetalning mottagen {reference}',
      'fee-invoice': 'Avgiftsfaktura {reference}',
      'top-up-paid': 'Betalt krav på negativt saldo {reference}',
    },
  },
  fi: {
    voucher: '{provider} {ledger}, {date}',
    moved: 'siirretty lukitulta kaudelta {date}',
    lines: {
      capture: 'Myynti {reference}',
      refund: 'Hyvitys {reference}',
      fee: 'Palvelumaksu {reference}',
      'fees-settled': 'Tilityksestä vähennetty palvelumaksu {reference}',
      payout: 'Tilitys {reference}',
      'payout-aborted': 'Keskeytetty tilitys {reference}',
      'dispute-retained': 'Riitautettu maksu pidätetty {reference}',
      'dispute-returned': 'Riitautettu maksu palautettu {reference}',
      correction: 'Oikaisu {reference}',
      'top-up': 'Negatiivisen saldon maksu {reference}',
      'credit-note': 'Hyvityslasku {reference}',
      'fees-invoiced': 'Palvelumaksu laskutettu {reference}',
      unknown: 'Tuntematon tapahtuma {reference}',
      'bank-line': 'Tilitys saapunut {reference}',
      'fee-invoice': 'Palvelumaksulasku {reference}',
      'top-up-paid': 'Maksettu negatiivisen saldon lasku {reference}',
    },
  },
  en: {
    voucher: '{provider} {ledger}, {date}',
    moved: 'moved from the locked period {date}',
    lines: {
      capture: 'Sale {reference}',
      refund: 'Refund {reference}',
      fee: 'Fee {reference}',
      'fees-settled': 'Fees retained from settlement {reference}',
      payout: 'Payout {reference}',
      'payout-aborted': 'Payout aborted {reference}',
      'dispute-retained': 'Disputed payment retained {reference}',
      'dispute-returned': 'Disputed payment returned {reference}',
      correction: 'Correction {reference}',
      'top-up': 'Top-up of a negative balance {reference}',
      'credit-note': 'Credit note {reference}',
      'fees-invoiced': 'Fees invoiced {reference}',
      unknown: 'Unknown entry {reference}',
      'bank-line': 'Payout received {reference}',
      'fee-invoice': 'Fee invoice {reference}',
      'top-up-paid': 'Claim on a negative balance paid {reference}',
    },
  },
};

/** How many of something, in a language: the reference of a summary line. */
export function countText(count: number, language: Language): string {
  const unit = { nb: 'stk.', da: 'stk.', sv: 'st.', fi: 'kpl', en: count === 1 ? 'entry' : 'entries' }[language];
  return `(${count} ${unit})`;
}

/** The text of a line. The template is taken apart once: this runs for every line of a ledger. */
export function lineText(language: Language, kind: PostingKind, reference: string): string {
  const known = (lineHalves[language] ??= {});
  const [before = '', after = ''] = (known[kind] ??= textsByLanguage[language].lines[kind].split('{reference}'));
  const last = reference.charCodeAt(reference.length - 1);
  // To trim a text is to copy it, and nearly every reference ends it with a digit or a letter.
  return after === '' && last > 0x20 && last < 0x7f ? before + reference : `${before}${reference}${after}`.trim();
}

const lineHalves: Partial<Record<Language, Partial<Record<PostingKind, string[]>>>> = {};

/**
 * Fills a template. A name the values lack is an error: a text must not show braces to a bookkeeper.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  let parts = templateParts.get(template);
  // Texts and names in turn. Taken apart once: every voucher fills one.
  if (parts === undefined) templateParts.set(template, (parts = template.split(/\{(\w+)\}/)));
  let text = '';
  for (const [index, part] of parts.entries())
    text += index % 2 === 0 ? part : (named(values, part) ?? missingValue(template, part, values));
  return text.trim();
}

const templateParts = new Map<string, readonly string[]>();

function missingValue(template: string, name: string, values: Readonly<Record<string, string>>): never {
  throw new BilagError('config', {
    what: `the text template "${template}" asks for {${name}}`,
    where: 'policy texts',
    action: `use only ${Object.keys(values)
      .map((known) => `{${known}}`)
      .join(', ')}`,
  });
}

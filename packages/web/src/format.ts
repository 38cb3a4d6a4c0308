import { decimalsOf, formatAmount, type Amount, type Language, type PlainDate } from '@bilag/core';
import { html } from 'hono/html';
import type { Html } from './view.ts';

/** How a language writes figures and dates. */
export interface Format {
  /** `1 234,50`: all decimals of the currency, no-break spaces, and a real minus. The currency stands in the heading. */
  amount(value: Amount, currency: string): string;
  /** A whole number: `12 345`. */
  count(value: number): string;
  /** `25 %`, from hundredths of a percent. */
  percent(basisPoints: number): string;
  /** `31.12.2026`, as text. */
  plainDate(date: PlainDate): string;
  /** The same within `<time>`. */
  date(date: PlainDate): Html;
  /** Milliseconds since the epoch, to the minute, in UTC and saying so. */
  time(ms: number): Html;
}

interface Style {
  readonly thousands: string;
  readonly decimal: string;
  readonly date: (year: string, month: string, day: string) => string;
  readonly percent: string;
}

const space = '\u00a0';
const byPoints = (year: string, month: string, day: string): string => `${day}.${month}.${year}`;
const iso = (year: string, month: string, day: string): string => `${year}-${month}-${day}`;

const styles: Readonly<Record<Language, Style>> = {
  nb: { thousands: space, decimal: ',', date: byPoints, percent: `${space}%` },
  da: { thousands: '.', decimal: ',', date: byPoints, percent: `${space}%` },
  sv: { thousands: space, decimal: ',', date: iso, percent: `${space}%` },
  fi: { thousands: space, decimal: ',', date: byPoints, percent: `${space}%` },
  en: { thousands: ',', decimal: '.', date: iso, percent: '%' },
};

/**
 * How a language writes figures and dates.
 */
export function formatOf(language: Language): Format {
  const style = styles[language];
  const plainDate = (date: string): string => {
    const [year = '', month = '', day = ''] = date.split('-');
    return style.date(year, month, day);
  };
  return {
    amount: (value, currency) => decimal(formatAmount(value, decimalsOf(currency)), style),
    count: (value) => decimal(String(value), style),
    percent: (basisPoints) => `${decimal(String(basisPoints / 100), style)}${style.percent}`,
    plainDate,
    date: (date) => html`<time datetime="${date}">${plainDate(date)}</time>`,
    time: (ms) => {
      const at = new Date(ms).toISOString();
      return html`<time datetime="${at.slice(0, 16)}Z">${plainDate(at.slice(0, 10))} ${at.slice(11, 16)} UTC</time>`;
    },
  };
}

/** Out of text with a point, as programs write it. */
function decimal(text: string, { thousands, decimal: mark }: Style): string {
  const [whole = '', fraction] = text.replace('-', '\u2212').split('.');
  const grouped = whole.replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, thousands);
  return fraction === undefined ? grouped : `${grouped}${mark}${fraction}`;
}

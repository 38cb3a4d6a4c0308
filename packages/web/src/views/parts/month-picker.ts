import { html } from 'hono/html';
import type { ChosenMonth } from '../../data/months.ts';
import type { Html, PageContext, Parameters, ViewName } from '../../view.ts';

/** The month of a page, and the ways to those beside it. */
export function monthPicker(
  view: ViewName,
  { name, period, previous, next }: ChosenMonth,
  context: PageContext,
  others: Parameters = {},
): Html {
  const { texts, format, link } = context;
  const { common } = texts.views;
  const to = (month: string, words: string): Html =>
    html`<a href="${link(view, { ...others, month })}">${words} (${monthName(month, context)})</a>`;
  return html`<p>
      ${common.period}: <strong>${monthName(name, context)}</strong>,
      ${format.date(period.from)}–${format.date(period.to)}
    </p>
    <p class="pages">
      ${previous === undefined ? '' : to(previous, common.previousMonth)}
      ${next === undefined ? '' : to(next, common.nextMonth)}
    </p>`;
}

/** `juli 2026`. */
export function monthName(name: string, { language }: Pick<PageContext, 'language'>): string {
  return new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${name}-01T00:00:00Z`),
  );
}

/** To the next page and back to the first, where there are several. */
export function pager(
  view: ViewName,
  { next, isFirst }: { readonly next: Parameters | undefined; readonly isFirst: boolean },
  kept: Parameters,
  { texts, link }: PageContext,
): Html | '' {
  if (next === undefined && isFirst) return '';
  const { common } = texts.views;
  return html`<p class="pages">
    ${isFirst ? '' : html`<a href="${link(view, kept)}">${common.firstPage}</a>`}
    ${next === undefined ? '' : html`<a href="${link(view, { ...kept, ...next })}" rel="next">${common.nextPage}</a>`}
  </p>`;
}

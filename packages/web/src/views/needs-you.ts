import { html } from 'hono/html';
import { companyNeedsYou, officeNeedsYou, sinceOf, type NeedsYou, type Waiting } from '../data/needs-you.ts';
import { amountColumn, textColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Asked, Html, Office, PageContext, View } from '../view.ts';
import { pager } from './parts/month-picker.ts';
import { english, titleOfFinding } from './parts/told.ts';

interface NeedsYouData extends NeedsYou {
  readonly ofOffice: boolean;
  readonly isFirst: boolean;
}

/** What waits for a person: what, why, since when, and what to do. It stays until it is settled or gone. */
export const needsYou: View<NeedsYouData> = {
  name: 'needs-you',
  scope: 'both',
  data: async (office, { companyId, parameters }) => {
    const after = parameters.get('after') ?? '';
    const ofOffice = companyId === undefined;
    const read = ofOffice
      ? await officeNeedsYou(office, after)
      : await office.with(companyId, async (open) => companyNeedsYou(open, office));
    return { ...read, ofOffice, isFirst: after === '' };
  },
  page: ({ waiting, lookedAt, next, ofOffice, isFirst }, context) => {
    const { texts, format, download, company } = context;
    const { needsYou: words } = texts.views;
    const looked = lookedAt === undefined ? words.neverLooked : html`${words.looked} ${format.time(lookedAt)}`;
    return {
      title: texts.shell.viewTitles['needs-you'],
      main: html`${
        waiting.length === 0
          ? html`<div class="said good">
              <p>${words.nothing}</p>
              <p>${looked}</p>
            </div>`
          : html`<p>${looked}</p>
              ${tableOf(
                {
                  caption: words.caption,
                  currency: company?.currency ?? '',
                  columns: columnsOf(ofOffice, context),
                  rows: waiting,
                  empty: words.nothing,
                  download: download('needs-you', 'waiting'),
                },
                context,
              )}`
      }
      ${pager('needs-you', { next: next === undefined ? undefined : { after: next }, isFirst }, {}, context)}`,
    };
  },
  tables: {
    waiting: (office, asked, context) =>
      csvOf(columnsOf(asked.companyId === undefined, context), allWaiting(office, asked), {
        language: context.language,
        currency: context.company?.currency ?? 'NOK',
      }),
  },
};

async function* allWaiting(office: Office, { companyId }: Asked): AsyncGenerator<Waiting, void, undefined> {
  if (companyId !== undefined) {
    yield* (await office.with(companyId, async (open) => companyNeedsYou(open, office))).waiting;
    return;
  }
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: NeedsYou = await officeNeedsYou(office, after);
    yield* page.waiting;
    after = page.next;
  }
}

function columnsOf(ofOffice: boolean, context: PageContext): readonly Column<Waiting>[] {
  const { texts, link, format } = context;
  const { needsYou: words, overview } = texts.views;
  return [
    textColumn(words.what, (waiting) => titleOf(waiting, context), { isHeading: true }),
    ...(ofOffice
      ? [
          textColumn<Waiting>(overview.company, ({ company }) => company.name, {
            shown: ({ company }) => html`<a href="${link('needs-you', {}, company.id)}">${company.name}</a>`,
          }),
        ]
      : []),
    textColumn(words.about, ({ voucher, payout }) => voucher ?? payout, {
      shown: ({ voucher, payout, company }) => {
        if (voucher !== undefined) return html`<a href="${link('voucher', { voucher }, company.id)}">${voucher}</a>`;
        return payout === undefined ? '' : html`<a href="${link('payout', { payout }, company.id)}">${payout}</a>`;
      },
    }),
    amountColumn(words.amount, ({ amount }) => amount, ofOffice ? { currency: ({ company }) => company.currency } : {}),
    textColumn(words.why, ({ what }) => what, {
      shown: ({ what, where }) => html`${english(what)}<br />${html`<span class="soft" lang="en">${where}</span>`}`,
    }),
    textColumn(words.todo, ({ action }) => action, {
      shown: (waiting) =>
        html`${words.can[waiting.kind]} ${actOn(waiting, context)}<br /><span class="soft" lang="en"
            >${waiting.action}</span
          >`,
    }),
    textColumn(words.since, (waiting) => isoOf(waiting), {
      shown: ({ since, date }) => {
        if (since !== undefined) return html`${format.time(since)}${ageOf({ since }, context)}`;
        return date === undefined ? '' : html`${format.date(date)}${ageOf({ date }, context)}`;
      },
    }),
  ];
}

function isoOf(waiting: Waiting): string {
  const ms = sinceOf(waiting);
  return ms === Number.MAX_SAFE_INTEGER ? '' : new Date(ms).toISOString().slice(0, 10);
}

/** How old it is, in whole days. */
function ageOf(waiting: Pick<Waiting, 'since' | 'date'>, { now, format, texts }: PageContext): Html {
  const days = Math.max(0, Math.floor((now - sinceOf(waiting)) / 86_400_000));
  return html`<br /><span class="soft">${texts.views.needsYou.age(format.count(days), days)}</span>`;
}

function titleOf({ kind, code }: Waiting, context: PageContext): string {
  const { kinds } = context.texts.views.needsYou;
  return code === undefined ? kinds[kind] : titleOfFinding(code, context);
}

/** Where a person does what is to be done, when the page was opened so that it may. */
function actOn({ kind, voucher, bankLine }: Waiting, { act, texts }: PageContext): Html | '' {
  const { actions } = texts.views.needsYou;
  const settles = kind === 'unknown-outcome' || kind === 'conflict' || kind === 'verify';
  const [href, words] =
    voucher !== undefined && settles
      ? [act('settle', { voucher }), actions.settle]
      : voucher !== undefined && kind === 'held'
        ? [act('release', { voucher }), actions.release]
        : bankLine !== undefined
          ? [act('match', { line: bankLine }), actions.match]
          : [undefined, ''];
  return href === undefined ? '' : html`<a class="act" href="${href}">${words}</a>`;
}

import type { RowHead } from '@bilag/engine';
import { html } from 'hono/html';
import { logPage, type Done, type LogPage } from '../data/log.ts';
import { dateColumn, textColumn, timeColumn, type Column } from '../tables/column.ts';
import { csvOf } from '../tables/csv.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Asked, Office, PageContext, View } from '../view.ts';
import { pager } from './parts/month-picker.ts';
import { voucherState } from './parts/state.ts';
import { english } from './parts/told.ts';

interface LogData extends LogPage {
  readonly isFirst: boolean;
}

/** What was done, and when: runs, decisions, rules, changes of the ledgers. Nothing of it is ever changed or taken away. */
export const log: View<LogData> = {
  name: 'log',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) => ({
    ...(await office.with(companyId, async (open) => logPage(open, office, parameters))),
    isFirst: !parameters.has('after'),
  }),
  page: ({ done, next, run, isFirst }, context) => {
    const { texts, download } = context;
    const { log: words, common } = texts.views;
    return {
      title: texts.shell.viewTitles.log,
      main: html`<p>${words.appendOnly}</p>
        ${
          run === undefined
            ? ''
            : html`<h2>${words.ofRun} <code>${run.id}</code></h2>
                ${tableOf(
                  {
                    caption: words.touchedCaption,
                    currency: '',
                    columns: headColumns(context),
                    rows: run.heads,
                    empty: words.touchedNothing,
                  },
                  context,
                )}
                ${run.isMore ? html`<p>${words.more}</p>` : ''}`
        }
        ${tableOf(
          {
            caption: words.caption,
            currency: '',
            columns: columnsOf(context),
            rows: done,
            empty: common.none,
            download: download('log', 'log'),
          },
          context,
        )}
        ${pager('log', { next: next === undefined ? undefined : { after: next }, isFirst }, {}, context)}`,
    };
  },
  tables: {
    log: (office, asked, context) =>
      csvOf(columnsOf(context), allDone(office, asked), { language: context.language, currency: 'NOK' }),
  },
};

async function* allDone(office: Office, { companyId = '' }: Asked): AsyncGenerator<Done, void, undefined> {
  for (let after: string | undefined; ;) {
    const asked = new URLSearchParams(after === undefined ? {} : { after });
    const page: LogPage = await office.with(companyId, async (open) => logPage(open, office, asked));
    yield* page.done;
    after = page.next;
    if (after === undefined) return;
  }
}

function columnsOf(context: PageContext): readonly Column<Done>[] {
  const { texts, link, format } = context;
  const { log: words } = texts.views;
  return [
    timeColumn(words.when, ({ at }) => at),
    textColumn(words.what, (done) => whatOf(done, context), { isHeading: true }),
    textColumn(words.who, whoOf),
    textColumn(words.detail, (done) => detailOf(done, context), {
      shown: (done) => {
        const { what } = done;
        if (what.is === 'run')
          return html`<a href="${link('log', { run: what.run.id })}">${words.vouchers}</a>
            ${what.run.endedAt === null ? words.notEnded : html`${words.ended} ${format.time(what.run.endedAt)}`}`;
        if (what.is === 'rules') return html`<a href="${link('settings')}">${detailOf(done, context)}</a>`;
        return what.is === 'change' || what.is === 'confirmed'
          ? english(what.change.what)
          : html`${detailOf(done, context)}`;
      },
    }),
  ];
}

function whatOf({ what }: Done, { texts }: PageContext): string {
  const { log: words } = texts.views;
  if (what.is === 'run') return words.runs[what.run.kind];
  const acts: Readonly<Record<string, string | undefined>> = words.acts;
  if (what.is === 'act')
    return (Object.hasOwn(acts, what.act.kind) ? acts[what.act.kind] : undefined) ?? words.done.act;
  return words.done[what.is];
}

/** Who it was, where that was kept. */
function whoOf({ what }: Done): string | undefined {
  return what.is === 'act' ? what.act.by : what.is === 'confirmed' ? what.change.confirmed?.by : undefined;
}

function detailOf({ what }: Done, { texts, format }: PageContext): string {
  const { log: words } = texts.views;
  switch (what.is) {
    case 'run':
      return what.run.id;
    case 'decision':
    case 'decision-taken-back': {
      const { number, kind, payouts, note } = what.decision;
      return [words.decision(String(number), words.decisions[kind], payouts.join(', ')), note]
        .filter(Boolean)
        .join(': ');
    }
    case 'rules':
      return words.rulesFrom(format.plainDate(what.from));
    case 'act': {
      const { ended } = what.act;
      const end = ended === null ? words.notEnded : `${ended.isDone ? words.actDone : words.actNotDone}: ${ended.how}`;
      return `${what.act.what}; ${end}`;
    }
    case 'change':
    case 'confirmed':
      return what.change.what;
  }
}

function headColumns(context: PageContext): readonly Column<RowHead>[] {
  const { vouchers: words } = context.texts.views;
  return [
    textColumn(words.voucher, ({ reference }) => reference, {
      isHeading: true,
      shown: ({ reference }) => html`<a href="${context.link('voucher', { voucher: reference })}">${reference}</a>`,
    }),
    dateColumn(words.date, ({ date }) => date),
    textColumn(words.number, ({ delivery }) => delivery.number ?? undefined),
    textColumn(words.state, ({ delivery }) => words.states[delivery.state], {
      shown: ({ delivery, isHeld }) => voucherState({ state: delivery.state, isHeld, found: [] }, context),
    }),
  ];
}

import type { Act } from '@bilag/office';
import { html } from 'hono/html';
import type { ActionName, Html, Page, PageContext } from '../view.ts';
import type { Proposal } from './action.ts';

/** What the form of an act carries besides the choices of the person. */
export interface FormSeal {
  /** Of the visitor: a page of somebody else does not know it. */
  readonly formToken: string;
  /** Of what was shown, so that nothing else is done. */
  readonly seen: string;
  /** The name the visitor gave last. */
  readonly by: string;
}

/** What would be done, and the form that does it. */
export function proposalPage(name: ActionName, proposal: Proposal, seal: FormSeal, context: PageContext): Page {
  const { acts } = context.texts;
  return {
    title: acts.titles[name],
    main: html`<p>${acts.explain[name]}</p>
      ${proposal.shown}
      ${proposal.fields === undefined ? html`<p>${acts.nothingToDo}</p>` : formOf(name, proposal, seal, context)}`,
  };
}

function formOf(name: ActionName, { fields, amount }: Proposal, seal: FormSeal, context: PageContext): Html {
  const { texts, format, company } = context;
  const { acts } = texts;
  const total = amount === undefined ? undefined : format.amount(amount, company?.currency ?? '');
  return html`<form method="post">
    <input type="hidden" name="form" value="${seal.formToken}" />
    <input type="hidden" name="seen" value="${seal.seen}" />
    ${fields}
    ${
      total === undefined
        ? ''
        : html`<p class="field">
            <label for="amount">${acts.typeAmount(total)}</label>
            <input id="amount" name="amount" required autocomplete="off" inputmode="decimal" />
          </p>`
    }
    <p class="field">
      <label for="by">${acts.by}</label>
      <input
        id="by"
        name="by"
        required
        maxlength="80"
        autocomplete="name"
        value="${seal.by}"
        aria-describedby="by-hint"
      />
      <span id="by-hint" class="soft">${acts.byHint}</span>
    </p>
    <p><button type="submit" class="main">${acts.submit[name]}</button></p>
  </form>`;
}

type Outcome = 'underWay' | 'interrupted' | 'isDone' | 'isNotDone';

const colours: Readonly<Record<Outcome, string>> = {
  underWay: 'wait',
  interrupted: 'bad',
  isDone: 'good',
  isNotDone: 'bad',
};

function outcomeOf({ at, ended }: Pick<Act, 'at' | 'ended'>, now: number): Outcome {
  if (ended === null) return now - at > longestActMs ? 'interrupted' : 'underWay';
  return ended.isDone ? 'isDone' : 'isNotDone';
}

/** What has no end after so long was cut off with its program: no act takes a day. */
const longestActMs = 86_400_000;

/** What was done, by whom and when, and how it ended; while it is done, where to look again. */
export function actPage({ kind, what, by, at, ended }: Act, here: string, context: PageContext): Page {
  const { texts, format } = context;
  const { acts } = texts;
  const title = Object.hasOwn(acts.titles, kind) ? acts.titles[kind as ActionName] : kind;
  const outcome = outcomeOf({ at, ended }, context.now);
  return {
    title: acts.result,
    main: html`<div class="said ${colours[outcome]}" role="status">
        <p>${acts[outcome]}</p>
        ${outcome === 'underWay' ? html`<p><a href="${here}">${acts.reload}</a></p>` : ''}
      </div>
      <dl>
        <dt>${acts.act}</dt>
        <dd>${title}: ${what}</dd>
        <dt>${acts.who}</dt>
        <dd>${by}</dd>
        <dt>${acts.when}</dt>
        <dd>${format.time(ended?.at ?? at)}</dd>
        <dt>${acts.how}</dt>
        <dd>${ended?.how ?? ''}</dd>
      </dl>`,
  };
}

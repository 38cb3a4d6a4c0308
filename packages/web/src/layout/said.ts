import type { BilagError } from '@bilag/core';
import { html } from 'hono/html';
import type { Html, PageContext } from '../view.ts';

/** What went wrong, where, and what a person can do: the same three things as on the command line. */
export function refusal(
  { what, where, action }: Pick<BilagError, 'what' | 'where' | 'action'>,
  context: PageContext,
): Html {
  const { refusals } = context.texts.shell;
  return html`<div class="said bad" role="alert">
    <p>${what}</p>
    <p>${refusals.where}: ${where}</p>
    <p>${refusals.whatNow}: ${action}</p>
  </div>`;
}

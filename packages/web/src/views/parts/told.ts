import type { Finding } from '@bilag/core';
import { html } from 'hono/html';
import type { Html, PageContext } from '../../view.ts';

/** A sentence of the program itself: it speaks English, and says so to whoever has it read aloud. */
export function english(text: string): Html {
  return html`<span lang="en">${text}</span>`;
}

/** What was found, where, and what to do. */
export function findingList(findings: readonly Finding[], currency: string, context: PageContext): Html {
  const { format, texts } = context;
  const { common } = texts.views;
  return html`<ol>
    ${findings.map(
      ({ code, message, where, action, amount }) =>
        html`<li>
          <p>
            <strong>${titleOfFinding(code, context)}</strong>
            ${amount === undefined ? '' : html`(${format.amount(amount, currency)} ${currency})`}
          </p>
          <p>${english(message)}</p>
          <p class="soft">${common.where}: ${english(where)}</p>
          <p class="soft">${common.whatToDo}: ${english(action)}</p>
        </li>`,
    )}
  </ol>`;
}

/** What a finding is, in a few words of the page's language; else its code. */
export function titleOfFinding(code: string, { texts }: PageContext): string {
  const titles: Readonly<Record<string, string | undefined>> = texts.views.findings;
  return (Object.hasOwn(titles, code) ? titles[code] : undefined) ?? code;
}

import { BilagError, quotedName } from '@bilag/core';
import type { PageServer, Permission } from '@bilag/web';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { toMessage } from '../../output/messages.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { exitCodes } from '../../program/exit-codes.ts';
import type { Session } from '../../session.ts';
import { withOffice } from '../office/with-office.ts';
import { portOf } from '../port-option.ts';
import { addPageOptions, languageOf, withPageOffice, type PageCommandOptions } from './page-office.ts';

interface ServeOptions extends PageCommandOptions {
  readonly port?: string;
  readonly host?: string;
  readonly allow?: readonly string[];
  readonly open?: boolean;
}

/** `bilag serve`: the page an accountant looks at, on this machine, until Ctrl-C. */
export const addServeCommand: AddCommand = (command, session, ended) => {
  addPageOptions(command)
    .option('--port <number>', 'the port; 0 takes any that is free (default: 8725)')
    .option(
      '--host <address>',
      '127.0.0.1, ::1 or localhost: nobody but this machine can reach it (default: 127.0.0.1)',
    )
    .option(
      '--allow <what...>',
      'what may be done there besides looking: decide (settle, match, release), deliver (decide, apply, undo)',
    )
    .option('--open', 'open it in the browser')
    .action(async (options: ServeOptions) => {
      const language = languageOf(options.language);
      const port = options.port === undefined ? {} : { port: portOf(options.port) };
      const host = options.host === undefined ? {} : { host: options.host };
      const allow = (options.allow ?? []).map(permissionOf);
      const { world } = session;
      ended(
        await withOffice(session, options, async (store, config) =>
          withPageOffice(session, options, { config, store }, async (office) => {
            const { startPage } = await import('@bilag/web');
            const links = new Links(session, options.open === true);
            const onFault = (fault: unknown): void => void session.messages.write(toMessage(fault, world.env));
            const onLink = (link: string): void => links.add(link);
            const { personal = false } = options;
            await using page = await startPage({
              office,
              ...host,
              ...port,
              language,
              allow,
              personal,
              onFault,
              onLink,
            });
            for (const error of office.wrong) await session.messages.write(toMessage(error, world.env));
            await links.tell(page);
            await untilStopped(world.signal);
            // Stopping is how this command is done.
            return exitCodes.done;
          }),
        ),
      );
    });
};

/** Tells the link, and the next one whenever one was used: for another browser, or for one that was closed. */
class Links {
  readonly #session: Session;
  readonly #opens: boolean;
  #first: string | undefined;
  #isTold = false;

  constructor(session: Session, opens: boolean) {
    this.#session = session;
    this.#opens = opens;
  }

  add(link: string): void {
    if (this.#isTold) void this.#session.messages.line(`the link was used; for another browser: ${link}`);
    else this.#first = link;
  }

  async tell({ url, token }: PageServer): Promise<void> {
    const { out, json, messages } = this.#session;
    const link = this.#first ?? url;
    this.#isTold = true;
    if (json) await out.write(`${JSON.stringify({ url, link, token })}\n`);
    else {
      await out.line(`The page is open at ${url}, for this machine alone, until Ctrl-C. Come in by this link, once:`);
      await out.line(`  ${link}`);
    }
    if (this.#opens && !openInBrowser(link)) await messages.line('there is no browser to open it in: open the link');
  }
}

/** By the program that the system has for it. */
function openInBrowser(address: string): boolean {
  const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [program, ...before] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...before, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return child.pid !== undefined;
}

/** Until somebody stops it, or the process that started it is gone: a page that nobody knows of is not left open. */
async function untilStopped(signal: AbortSignal): Promise<void> {
  const { ppid } = process;
  const gone = new AbortController();
  const look = setInterval(() => {
    if (process.ppid !== ppid) gone.abort();
  }, 1000);
  try {
    const stopped = AbortSignal.any([signal, gone.signal]);
    if (!stopped.aborted) await once(stopped, 'abort');
  } finally {
    clearInterval(look);
  }
}

function permissionOf(text: string): Permission {
  if (text === 'decide' || text === 'deliver') return text;
  throw new BilagError('config', {
    what: `${quotedName(text)} is nothing that can be allowed`,
    where: '--allow',
    action: 'choose of: decide, deliver',
  });
}

/** What `--send-again` does: the second send is never made by default, because the target may only be slow. */
export const sendAgainHelp: string =
  'send again what got no reply and is not found in the time the target declares, instead of asking a person';

/** What `--wait` does. */
export const waitHelp: string = 'wait for another process that delivers for the company, an hour at most';

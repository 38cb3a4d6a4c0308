import type { ActionName } from '../view.ts';
import type { Action } from './action.ts';
import { apply } from './apply.ts';
import { match } from './match.ts';
import { release } from './release.ts';
import { settle } from './settle.ts';
import { undo } from './undo.ts';

/** Everything that a person can do on a page. */
export const actions: Readonly<Record<ActionName, Action>> = { settle, match, release, apply, undo };

import type { ServerResponse } from 'node:http';

/** How an endpoint behaves. Some fail at the first request for some events only. */
export type Manner = 'prompt' | 'slow' | 'flaky' | 'resetting' | 'hanging' | 'dawdling';

/** What a request is answered with. */
export type Reaction =
  | { readonly kind: 'accept'; readonly afterMs: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'ignore' };

const AT_ONCE: Reaction = { kind: 'accept', afterMs: 0 };

/** Pure, so that a run can be repeated: `lot` is a whole number that the event's id decides. */
export function reaction(manner: Manner, lot: number, requestsBefore: number): Reaction {
  const first = requestsBefore === 0;
  switch (manner) {
    case 'prompt':
      return AT_ONCE;
    case 'slow':
      return { kind: 'accept', afterMs: 5 + (lot % 80) };
    case 'flaky':
      return first && lot % 3 === 0 ? { kind: 'refuse' } : AT_ONCE;
    case 'resetting':
      return first && lot % 20 === 0 ? { kind: 'reset' } : AT_ONCE;
    case 'hanging':
      return first && lot % 200 === 0 ? { kind: 'ignore' } : AT_ONCE;
    case 'dawdling':
      return { kind: 'accept', afterMs: 300 + (lot % 500) };
  }
}

/** Answers; says whether what it did counts as an acceptance. */
export function react(reaction: Reaction, response: ServerResponse, done: (accepted: boolean) => void): void {
  switch (reaction.kind) {
    case 'accept':
      if (reaction.afterMs === 0) return accept(response, done);
      setTimeout(() => accept(response, done), reaction.afterMs);
      return;
    case 'refuse':
      done(false);
      response.writeHead(500).end();
      return;
    case 'reset':
      done(false);
      response.socket?.resetAndDestroy();
      return;
    case 'ignore':
  }
}

function accept(response: ServerResponse, done: (accepted: boolean) => void): void {
  if (response.destroyed) return; // whoever sent it has gone meanwhile, and never learns of it
  done(true);
  response.writeHead(204).end();
}

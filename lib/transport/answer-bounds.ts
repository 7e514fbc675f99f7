import type { ClientRequest } from 'node:http';

/** The longest headers of an answer, all together, in bytes; whatever Node was told on its command line. */
export const LONGEST_HEADERS = 16_384;

/** How many answers may come before the real one, such as `103 Early Hints`: each has headers of its own to read. */
export const MOST_HINTS = 16;

/** An endpoint that gives hints for ever instead of an answer. */
export class TooManyHintsError extends Error {
  readonly code = 'WEBHOOKS_TOO_MANY_HINTS';

  constructor() {
    super('The endpoint gave more hints than an answer needs.');
  }
}

/** Gives a request up that gets nothing but hints. */
export function boundingHints(request: ClientRequest): ClientRequest {
  let hints = 0;
  return request.on('information', () => {
    if (++hints > MOST_HINTS) request.destroy(new TooManyHintsError());
  });
}

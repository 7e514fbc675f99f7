import type { Socket } from 'node:net';
import { LONGEST_HEADERS, MOST_HINTS } from './answer-bounds';

/** An endpoint that sends far more than its answer: chunk extensions without end, for instance, which no parser counts. */
export class AnswerTooLongError extends Error {
  readonly code = 'WEBHOOKS_ANSWER_TOO_LONG';

  constructor() {
    super('The endpoint sent far more than its answer.');
  }
}

/** How many bytes an answer may be on the wire whose body is cut at a limit. A chunk of one byte takes six. */
export function longestAnswer(bodyLimitBytes: number): number {
  return LONGEST_HEADERS * (MOST_HINTS + 2) + 8 * bodyLimitBytes + 65_536;
}

/**
 * Hangs up on whoever sends more bytes than `limit` without a word from us.
 * It counts where bytes enter the stream, because a listener would change how the stream flows.
 */
export function metered<Metered extends Socket>(socket: Metered, limit: number): Metered {
  const push = socket.push.bind(socket);
  let answering = 0;
  let received = 0;
  socket.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (socket.bytesWritten !== answering) {
      answering = socket.bytesWritten;
      received = 0;
    }
    received += chunk?.length ?? 0;
    if (received <= limit) return push(chunk, encoding);
    socket.destroy(new AnswerTooLongError());
    return false;
  };
  return socket;
}

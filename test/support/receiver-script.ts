import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

export type AnswerHeaders = OutgoingHttpHeaders;

export interface AnswerOptions {
  /** @default an empty body */
  body?: string;
  /**
   * How long the answer takes, in real time.
   * @default 0
   */
  delayMs?: number;
}

type Answer = (response: ServerResponse) => void;

/** Answers in the order they are given in; the last one stays. */
export class Script {
  private readonly answers: Answer[] = [];

  then(status: number, headers: AnswerHeaders = {}, options: AnswerOptions = {}): this {
    // `then` makes a promise-like of it, so `await receiver.answers(204)` would come here with a callback.
    if (typeof status !== 'number') throw new TypeError('A script of answers is not a promise: do not await it.');
    return this.add((response) => after(options.delayMs, () => response.writeHead(status, headers).end(options.body)));
  }

  thenHangs(): this {
    return this.add(() => undefined);
  }

  thenResets(): this {
    return this.add((response) => response.socket?.resetAndDestroy());
  }

  next(): Answer {
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    return answer ?? ((response) => response.writeHead(204).end());
  }

  private add(answer: Answer): this {
    this.answers.push(answer);
    return this;
  }
}

function after(delayMs = 0, answer: () => void): void {
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs).unref();
}

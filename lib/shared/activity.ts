/** Runs work apart from whatever happened to start it. */
export type Detach = <Result>(work: () => Result) => Result;

/**
 * Counts the work that is under way, so that somebody can wait for its end: a shutdown, or a test.
 * Work that starts other work starts it before it ends, so that the count never touches zero in between.
 */
export class Activity {
  private count = 0;
  private waiting: (() => void)[] = [];

  /** @param detach what keeps the work of the engine out of the context of the request that happened to start it */
  constructor(private readonly detach: Detach = (work) => work()) {}

  /** Counts `work` of the engine's own until it settles. */
  track<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.trackWithin(() => this.detach(work));
  }

  /** The same for work that somebody asks for, in the context that it is asked for in. */
  async trackWithin<Result>(work: () => Promise<Result>): Promise<Result> {
    this.count += 1;
    try {
      return await work();
    } finally {
      this.count -= 1;
      if (this.count === 0) this.waiting.splice(0).forEach((resolve) => resolve());
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.count > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

import type { Attempt, Delivery, PublishedEvent } from './api';
import type { Page } from './page';

/** Shows an event and the attempts to deliver it, each as soon as it is known. */
export class Timeline {
  private last: Attempt | undefined;

  constructor(
    private readonly page: Page,
    private readonly event: PublishedEvent,
  ) {
    page.event(event);
  }

  show({ attempts }: Delivery): void {
    for (const attempt of attempts.slice(this.last?.number ?? 0)) this.add(attempt);
  }

  /** Milliseconds from the event to the end of the last attempt. */
  get lengthMs(): number {
    return this.last === undefined ? 0 : endOf(this.last) - Date.parse(this.event.createdAt);
  }

  private add(attempt: Attempt): void {
    const startedAt = Date.parse(attempt.startedAt);
    if (this.last) this.page.wait(startedAt - endOf(this.last));
    this.page.attempt(attempt, startedAt - Date.parse(this.event.createdAt));
    this.last = attempt;
  }
}

function endOf({ startedAt, durationMs }: Attempt): number {
  return Date.parse(startedAt) + durationMs;
}

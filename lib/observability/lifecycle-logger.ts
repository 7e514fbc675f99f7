import { Injectable, Logger } from '@nestjs/common';
import { Lifecycle, type LifecycleEvent } from '../deliveries/lifecycle';
import { flawsText } from '../schemas/payload-flaw';

/** Writes what happens to the host's log: the only place of this library that does. */
@Injectable()
export class LifecycleLogger {
  private readonly logger = new Logger('Webhooks');
  private readonly saidOnce = new Set<string>();

  constructor(lifecycle: Lifecycle) {
    lifecycle.subscribe((event) => this.log(event));
  }

  private log(event: LifecycleEvent): void {
    switch (event.type) {
      case 'event.published':
        return;
      case 'delivery.delivered':
        return this.logger.verbose(`${event.delivery.id} was delivered at attempt ${event.attempt.number}`);
      case 'delivery.retrying':
        return this.logger.debug(
          `${event.delivery.id} failed at attempt ${event.attempt.number} (${reason(event)}), ` +
            `is tried again at ${new Date(event.nextAttemptAt).toISOString()}`,
        );
      case 'delivery.exhausted':
        return this.logger.warn(
          `${event.delivery.id} to ${event.delivery.subscriptionId} failed for good at attempt ` +
            `${event.attempt.number} (${reason(event)})`,
        );
      case 'delivery.resent':
        return this.logger.log(`${event.delivery.id} was sent again by hand (${reason(event)})`);
      case 'delivery.canceled':
        return this.logger.debug(`${event.delivery.id} was canceled: its subscription or event is gone`);
      case 'subscription.suspended':
        return this.logger.warn(`${event.subscriptionId} was suspended: ${event.reason}`);
      case 'secrets.clear':
        return this.logger.warn(
          'WEBHOOK SECRETS ARE STORED IN CLEAR: whoever reads the database can sign in your name. Make a key with ' +
            '`openssl rand -base64 32` and pass it: WebhooksModule.forRoot({ encryptionKeys: [key] }).',
        );
      case 'secret.unreadable':
        return this.once(event.reason);
      case 'subscription.failing':
        return this.logger.warn(
          `${event.subscriptionId} has failed ${event.failures} times since ${new Date(event.since).toISOString()}`,
        );
      case 'subscription.resumed':
        return this.logger.log(`${event.subscriptionId} was resumed`);
      case 'payload.invalid':
        return this.logger.warn(
          `The payload of ${event.eventId} ("${event.topic}") is not as its schema says: ${flawsText(event.flaws)}`,
        );
      case 'change.unattributable':
        return this.once(
          `Rows of ${event.entity} that are ${event.change} in bulk (by criteria) publish nothing: TypeORM does ` +
            'not say which rows it touched. Save or remove entities, or publish the events yourself.',
        );
      case 'retention.pruned':
        return this.pruned(event.counts, event.tookMs);
      case 'lease.lost':
        return this.logger.warn(`${event.nodeId} did not renew its lease in time and has let its lanes go`);
      case 'engine.failed':
        return this.logger.error(`${event.doing} failed: ${text(event.error)}`, stack(event.error));
    }
  }

  private pruned(counts: object, tookMs: number): void {
    const parts = Object.entries(counts).filter(([, count]) => count > 0);
    if (parts.length === 0) return;
    const list = parts.map(([kind, count]) => `${count} ${kind}`).join(', ');
    this.logger.log(`Retention took away ${list}, in ${Math.round(tookMs / 1000)} s`);
  }

  private once(message: string): void {
    if (!this.saidOnce.has(message)) this.logger.warn(message);
    this.saidOnce.add(message);
  }
}

function reason({ attempt }: { attempt: { status: number | null; failure: string | null } }): string {
  return attempt.status === null ? String(attempt.failure) : `status ${attempt.status}`;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stack(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}

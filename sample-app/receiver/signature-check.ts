import { Injectable } from '@nestjs/common';
import { SubscriptionsService, type Subscription } from 'nestjs-webhooks';
import { SIGNATURE_CHECKS, type SignedRequest } from './signatures';

/** Checks signatures as any subscriber would. */
@Injectable()
export class SignatureCheck {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /** Whether one of the secrets for this path fits; null when there is none. */
  async verify(path: string, request: SignedRequest): Promise<boolean | null> {
    const subscriptions = await this.subscriptionsTo(path);
    if (subscriptions.length === 0) return null;
    return subscriptions.some(({ contract, secrets }) =>
      secrets.at(Date.now()).some((secret) => SIGNATURE_CHECKS[contract]?.(secret, request)),
    );
  }

  // A real subscriber keeps the secret that it was given when it subscribed. This one lives in the sender's process, so
  // it looks the secret up and nobody has to copy it here.
  private async subscriptionsTo(path: string): Promise<Subscription[]> {
    const found: Subscription[] = [];
    for await (const each of this.all()) if (new URL(each.url).pathname === path) found.push(each);
    return found;
  }

  private async *all(): AsyncGenerator<Subscription> {
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await this.subscriptions.list({ limit: 250, cursor });
      yield* page.data;
      cursor = page.nextCursor;
    }
  }
}

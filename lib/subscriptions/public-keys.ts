import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { LARGEST_PAGE_SIZE } from '../shared/page';
import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import type { PublicKey } from '../signing/public-key';
import type { Subscription } from './subscription';
import { SUBSCRIPTION_TERMS, type TermsByContract } from './subscription-terms';
import { SubscriptionsRepository } from './subscriptions.repository';

/** The public keys that requests are signed for now, where subscriptions have key pairs. */
@Injectable()
export class PublicKeys {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly clock: Clock,
    @Inject(SUBSCRIPTION_TERMS) private readonly terms: TermsByContract,
  ) {}

  /** Each once. @param tenant whose subscriptions. @default everybody's */
  async list(tenant?: string): Promise<PublicKey[]> {
    const found = new Map<string, PublicKey>();
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await this.subscriptions.list({ tenant, cursor: cursor ?? undefined, limit: LARGEST_PAGE_SIZE });
      for (const key of page.data.flatMap((each) => this.of(each))) found.set(key.jwk.kid, key);
      cursor = page.nextCursor;
    }
    return [...found.values()];
  }

  /** Newest first. Of a secret that cannot be read there are none: nothing is signed with it either. */
  private of({ contract, settings, secrets }: Subscription): PublicKey[] {
    const scheme = this.terms.get(contract)?.signatureFor(settings);
    if (!scheme?.hasKeyPairs) return [];
    try {
      return scheme.publicKeys(secrets.at(this.clock.now()));
    } catch (error) {
      if (error instanceof UnreadableSecretError) return [];
      throw error;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import type { OAuth2Credential } from '../subscriptions/credentials';
import { Transport, type Failed } from '../transport/transport';
import { tokenIn, tokenRequest, type GrantedToken } from './token-request';

const MOST_HELD = 10_000;

/** A token to send. */
export interface AccessToken {
  readonly token: string;
  /** Whether it was there already, and so may have been withdrawn meanwhile. */
  readonly wasHeld: boolean;
}

/** What is wanted of a token. */
export interface TokenWish {
  readonly timeoutMs: number;
  /** One that an endpoint did not take, and that is therefore not wanted again. */
  readonly rejected?: string;
}

interface HeldToken {
  /** The credential that it was granted for, as text. */
  readonly of: string;
  readonly token: string;
  /** By the monotonic clock. */
  readonly until: number;
}

/**
 * Gets access tokens (OAuth 2.0 client credentials) over the same transport as everything else, and holds each in memory,
 * for one subscription and one credential, until shortly before it ends. Those who want the same token at the same time
 * share one request.
 */
@Injectable()
export class TokenSource {
  /** By subscription, the one asked for last at the end. */
  readonly #held = new Map<string, HeldToken>();
  readonly #underWay = new Map<string, Promise<GrantedToken | Failed>>();

  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
  ) {}

  /** Never rejects. */
  async get(
    subscriptionId: string,
    credential: OAuth2Credential,
    { timeoutMs, rejected }: TokenWish,
  ): Promise<AccessToken | Failed> {
    const of = JSON.stringify(credential);
    const held = this.#held.get(subscriptionId);
    const isGood = held?.of === of && held.token !== rejected && this.clock.monotonic() < held.until;
    if (isGood) return { token: held.token, wasHeld: true };
    const granted = await this.shared(subscriptionId, of, tokenRequest(credential, timeoutMs));
    return 'failure' in granted ? granted : { token: granted.token, wasHeld: false };
  }

  private shared(subscriptionId: string, of: string, request: ReturnType<typeof tokenRequest>) {
    const key = `${subscriptionId} ${of}`;
    const known = this.#underWay.get(key);
    if (known) return known;
    const asking = this.ask(subscriptionId, of, request).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, asking);
    return asking;
  }

  private async ask(subscriptionId: string, of: string, request: ReturnType<typeof tokenRequest>) {
    const granted = tokenIn(await this.transport.send(request));
    if ('failure' in granted) return granted;
    this.#held.delete(subscriptionId);
    this.#held.set(subscriptionId, { of, token: granted.token, until: this.clock.monotonic() + granted.usableMs });
    if (this.#held.size > MOST_HELD) this.#held.delete(this.#held.keys().next().value!);
    return granted;
  }
}

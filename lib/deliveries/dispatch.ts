import { Injectable } from '@nestjs/common';
import { Clock } from '../shared/clock';
import { UnreadableSecretError } from '../shared/unreadable-secret.error';
import type { CredentialContents, OAuth2Credential } from '../subscriptions/credentials';
import type { Subscription } from '../subscriptions/subscription';
import { Transport, type Answer, type ClientCertificate, type Failed } from '../transport/transport';
import { confidentialIn, withoutConfidential } from './confidential';
import { Lifecycle } from './lifecycle';
import { together, type SignedRequest } from './signed-request';
import { TokenSource } from './token-source';

type Headers = Readonly<Record<string, string>>;

const UNAUTHORIZED = 401;

/** A request with what its subscription's owner wants to be sent along. */
interface Credentialed {
  readonly signed: SignedRequest;
  readonly subscription: Subscription;
  readonly contents: CredentialContents;
  /** By the monotonic clock. */
  readonly startedAt: number;
}

/** Sends what is signed, with the credentials of its subscription. */
@Injectable()
export class Dispatch {
  constructor(
    private readonly transport: Transport,
    private readonly tokens: TokenSource,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  /** Never rejects. Of the answer is left out what was confidential in the request. */
  async send(signed: SignedRequest, subscription: Subscription): Promise<Answer> {
    if (subscription.credentials.isNone) return this.exchange(signed);
    const contents = this.opened(subscription);
    if ('failure' in contents) return contents;
    const credentialed = { signed, subscription, contents, startedAt: this.clock.monotonic() };
    const { credential } = contents;
    if (credential?.type === 'oauth2') return this.sendWithToken(credentialed, credential);
    return this.carry(credentialed, authorizationOf(contents), certificateOf(contents));
  }

  /** An endpoint may stop taking a token before its time: then a new one is got, once, within the same attempt. */
  private async sendWithToken(credentialed: Credentialed, credential: OAuth2Credential): Promise<Answer> {
    const { id } = credentialed.subscription;
    const first = await this.tokens.get(id, credential, { timeoutMs: this.left(credentialed) });
    if ('failure' in first) return first;
    const answer = await this.carry(credentialed, bearer(first.token));
    const isRejected = answer.kind === 'response' && answer.status === UNAUTHORIZED && first.wasHeld;
    const timeoutMs = this.left(credentialed);
    if (!isRejected || timeoutMs <= 0) return answer;
    const second = await this.tokens.get(id, credential, { timeoutMs, rejected: first.token });
    return 'failure' in second ? second : this.carry(credentialed, bearer(second.token));
  }

  private async carry(credentialed: Credentialed, authorization: Headers, tls?: ClientCertificate): Promise<Answer> {
    const { signed, contents, startedAt } = credentialed;
    const timeoutMs = this.left(credentialed);
    if (timeoutMs <= 0) return outOfTime(signed.request.timeoutMs);
    const waitedMs = this.clock.monotonic() - startedAt;
    const own = { ...contents.headers, ...authorization };
    // What the contract, the signature or a trace says is not the owner's to change.
    const request = { ...signed.request, headers: together(own, signed.request.headers), timeoutMs, tls };
    const confidential = [...confidentialIn(own, []), ...signed.confidential];
    return after(waitedMs, await this.exchange({ request, confidential }));
  }

  private async exchange({ request, confidential }: SignedRequest): Promise<Answer> {
    return withoutConfidential(await this.transport.send(request), confidential);
  }

  /** How much of the attempt's time is left. */
  private left({ signed, startedAt }: Credentialed): number {
    return signed.request.timeoutMs - (this.clock.monotonic() - startedAt);
  }

  private opened({ id, credentials }: Subscription): CredentialContents | Failed {
    try {
      return credentials.all();
    } catch (error) {
      if (!(error instanceof UnreadableSecretError)) throw error;
      this.lifecycle.emit({ type: 'secret.unreadable', subscriptionId: id, reason: error.message });
      const detail = 'The request could not be sent, because its credentials cannot be read at the moment.';
      return { kind: 'failure', failure: 'secret_unreadable', detail, durationMs: 0 };
    }
  }
}

function authorizationOf({ credential }: CredentialContents): Headers {
  if (credential?.type === 'bearer') return bearer(credential.token);
  if (credential?.type !== 'basic') return {};
  const { username, password } = credential;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

function certificateOf({ credential }: CredentialContents): ClientCertificate | undefined {
  return credential?.type === 'certificate' ? { cert: credential.certificate, key: credential.key } : undefined;
}

function outOfTime(durationMs: number): Failed {
  const detail = 'The time of the attempt was over before the request could be sent.';
  return { kind: 'failure', failure: 'timeout', detail, durationMs };
}

/** How long a refused address took is told nobody. */
function after(waitedMs: number, answer: Answer): Answer {
  if (answer.kind === 'failure' && answer.failure === 'address_refused') return answer;
  return { ...answer, durationMs: answer.durationMs + Math.round(waitedMs) };
}

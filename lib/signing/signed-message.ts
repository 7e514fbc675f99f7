import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { Timestamp } from './timestamp';

/** What stands in the headers beside the signature, and can therefore be signed. */
export interface Carried {
  readonly id?: string;
  readonly timestamp?: Timestamp;
}

/** The request of which a signature covers some parts. */
export interface SignedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly body: string;
}

/** Makes the text that is signed, the same at both ends. Without one, it is what the headers carry, and the body. */
export type SignedContent = (message: SignedMessage) => string;

/** What a signature can cover, as both ends see it. Using what only one end knows throws. */
export class SignedMessage {
  constructor(
    private readonly request: SignedRequest,
    private readonly carried: Carried,
  ) {}

  /** The event's id, as its header has it. */
  get id(): string {
    return known(this.carried.id, 'the id, but no header carries it. Name one with idHeader');
  }

  /** The time of the attempt, as its header has it. */
  get timestamp(): string {
    return known(this.carried.timestamp?.text, 'the time, but no header carries it. Name one with timestampHeader');
  }

  /** The verb of the request. */
  get method(): string {
    return known(this.request.method, 'the method. Hand it over with the request that is verified');
  }

  /** The whole URL as it goes over the wire, query included and without a fragment. */
  get url(): string {
    return known(this.request.url, 'the URL. Hand over the public one with the request that is verified');
  }

  /** The body as it goes over the wire. */
  get body(): string {
    return this.request.body;
  }
}

/** At the sender's end: the URL is normalised, as the receiver will see it. */
export class MessageToSend extends SignedMessage {
  override get url(): string {
    const sent = new URL(super.url);
    sent.hash = '';
    return sent.href;
  }
}

function known(part: string | undefined, missing: string): string {
  if (part !== undefined) return part;
  throw new WebhooksConfigurationError(`The signature covers ${missing}.`);
}

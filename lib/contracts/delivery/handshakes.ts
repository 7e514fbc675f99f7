import type { Handshake } from '../../deliveries/handshake';
import type { Subscription } from '../../subscriptions/subscription';
import { statuses } from './delivery-description';
import { outgoingText } from './json-text';

const isSuccess = statuses(200, 299);

export interface HandshakeOptions {
  /** Whether a subscription that does not pass is not made at all. @default false: it is made and stays suspended */
  readonly required?: boolean;
  /** Headers beside those of the signature. */
  readonly headers?: (subscription: Subscription) => Readonly<Record<string, string>>;
}

interface PostedOptions extends HandshakeOptions {
  /** @default 'application/json' */
  readonly contentType?: string;
}

export interface PingOptions extends PostedOptions {
  /** What is sent, as JSON; text goes out as it is. */
  readonly body: (subscription: Subscription) => unknown;
  /** @default only 200 passes */
  readonly passes?: (status: number) => boolean;
}

/** A first request that has to be answered with 200. */
export function ping({ body, passes = (status) => status === 200, ...options }: PingOptions): Handshake {
  return {
    required: options.required ?? false,
    request: (subscription) => posted(subscription, options, body(subscription)),
    objectionTo: ({ status }) => (passes(status) ? undefined : `The endpoint answered the ping with ${status}.`),
  };
}

export interface ChallengeOptions extends PostedOptions {
  /** What is sent, with the challenge somewhere in it: as JSON; text goes out as it is. */
  readonly body: (challenge: string, subscription: Subscription) => unknown;
  /** What the endpoint has to answer. @param answer the parsed body, or its text where it is not JSON */
  readonly echoes: (answer: unknown, challenge: string, subscription: Subscription) => boolean;
}

/** A challenge in a body, which the endpoint has to send back. */
export function challengeInBody({ body, echoes, ...options }: ChallengeOptions): Handshake {
  return {
    required: options.required ?? false,
    request: (subscription, challenge) => posted(subscription, options, body(challenge, subscription)),
    objectionTo: (answer, challenge, subscription) => {
      if (!isSuccess(answer.status)) return `The endpoint answered the challenge with ${answer.status}.`;
      return echoes(parsed(answer.body), challenge, subscription)
        ? undefined
        : 'The endpoint did not send the challenge back.';
    },
  };
}

export interface ValidationTokenOptions extends HandshakeOptions {
  /** The parameter of the query that has the token. */
  readonly parameter: string;
  /** @default 'POST' */
  readonly method?: 'GET' | 'POST';
}

/** A token in the query, which the endpoint has to answer as plain text with 200. */
export function validationToken({ parameter, method = 'POST', ...options }: ValidationTokenOptions): Handshake {
  return {
    required: options.required ?? false,
    request: (subscription, challenge) => {
      const url = new URL(subscription.url);
      url.searchParams.append(parameter, challenge);
      return { method, url: url.href, headers: { ...options.headers?.(subscription) } };
    },
    objectionTo: ({ status, body }, challenge) => {
      if (status !== 200) return `The endpoint answered the validation with ${status}.`;
      return body.trim() === challenge ? undefined : 'The endpoint did not answer with the validation token.';
    },
  };
}

function posted(subscription: Subscription, options: PostedOptions, body: unknown) {
  const { headers, contentType = 'application/json' } = options;
  const all = { 'content-type': contentType, ...headers?.(subscription) };
  return { method: 'POST', url: subscription.url, headers: all, body: outgoingText(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

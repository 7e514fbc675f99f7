import type { Type } from '@nestjs/common';
import type { FieldObjection } from '../subscriptions/subscription-errors';
import { WebhooksError } from '../shared/webhooks.error';

/** Why a request was refused, before a contract puts it into its own words. */
export interface Problem {
  /** `invalid`: not made as it has to be; `refused`: made well, but what it asks for cannot be. */
  readonly kind: 'invalid' | 'refused' | 'other';
  /** The HTTP status that fits. */
  readonly status: number;
  /** In words, for the caller. */
  readonly message: string;
  /** The stable code of the library's own errors. */
  readonly code?: string;
  /** The fields that are wrong, by the contract's own names, where it is about fields. */
  readonly objections: readonly FieldObjection[];
  /** The method that the path does not have, and those that it has, where that was the problem. */
  readonly method?: string;
  readonly allow?: readonly string[];
}

/** How a contract answers what went wrong. */
export interface ErrorFormat {
  /** The status of an answer. @default that of the problem */
  readonly statusOf?: (problem: Pick<Problem, 'kind' | 'status'>) => number;
  readonly bodyOf: (problem: Problem) => unknown;
  /** @default 'application/json' */
  readonly contentType?: string;
  /** The schema of the bodies that a status has. */
  readonly schemaOf: (status: number) => object;
  /** Classes that these schemas refer to. @default [] */
  readonly models?: readonly Type[];
  /** What the host's guards answer, and the documentation therefore names. @default [401, 403] */
  readonly guardStatuses?: readonly number[];
}

/** Thrown when a request is not made as its route wants it. */
export class InvalidRequestError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_REQUEST';
  override readonly status = 400;

  constructor(readonly objections: readonly FieldObjection[]) {
    super(`The request is not valid: ${objections.map(({ message }) => message).join('; ')}.`);
  }
}

/** Thrown when a body is not what its content type says. */
export class MalformedBodyError extends WebhooksError {
  override readonly code = 'WEBHOOKS_MALFORMED_BODY';
  override readonly status = 400;
}

/** Thrown when a body is longer than the host's HTTP adapter takes. */
export class BodyTooLargeError extends WebhooksError {
  override readonly code = 'WEBHOOKS_BODY_TOO_LARGE';
  override readonly status = 413;
}

/** Thrown when a path is known and its method is not. */
export class MethodNotAllowedError extends WebhooksError {
  override readonly code = 'WEBHOOKS_METHOD_NOT_ALLOWED';
  override readonly status = 405;

  constructor(
    readonly method: string,
    readonly allow: readonly string[],
  ) {
    super(`Method "${method}" is not allowed here, only ${allow.join(', ')}.`);
  }
}

/** Thrown when a path names nothing, or nothing that the caller may know of. */
export class NothingFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_NOT_FOUND';
  override readonly status = 404;
}

/** Thrown when an endpoint does not answer the handshake that its contract demands. */
export class HandshakeFailedError extends WebhooksError {
  override readonly code = 'WEBHOOKS_HANDSHAKE_FAILED';
  override readonly status = 422;
}

import { HttpException } from '@nestjs/common';
import {
  BodyTooLargeError,
  HandshakeFailedError,
  InvalidRequestError,
  MalformedBodyError,
  MethodNotAllowedError,
  NothingFoundError,
  type Problem,
} from '../contracts/problem';
import { WebhooksError } from '../shared/webhooks.error';
import { InvalidSecretError } from '../signing/secret';
import { InvalidSubscriptionError, type FieldObjection } from '../subscriptions/subscription-errors';

const SILENT_MESSAGE = "The request could not be handled. The server's log says why.";

/**
 * What a caller is told of an error. What nobody meant for callers stays with us.
 * @param fieldFor what the caller calls a property of subscriptions
 */
export function problemOf(error: unknown, fieldFor: (property: string) => string = (property) => property): Problem {
  const known = readable(error);
  if (known instanceof WebhooksError && known.status < 500) return problemOfWebhooksError(known, fieldFor);
  if (known instanceof HttpException) return other(known.getStatus(), messageOf(known));
  if (isClientError(known)) return other(known.statusCode, known.message);
  return other(500, SILENT_MESSAGE);
}

/** Whether somebody threw the error to have it answered, so that it says all there is to say. */
export function isMeantForCallers(error: unknown): boolean {
  return error instanceof HttpException || problemOf(error).status < 500;
}

function problemOfWebhooksError(error: WebhooksError, fieldFor: (property: string) => string): Problem {
  const { status, message, code } = error;
  const told = { status, message, code, objections: [] };
  if (error instanceof InvalidRequestError) return { ...told, kind: 'invalid', objections: error.objections };
  const objections = refusedProperties(error).map((each) => ({ ...each, field: fieldFor(each.field) }));
  if (objections.length > 0) return { ...told, kind: 'refused', objections };
  return {
    ...told,
    kind: 'other',
    ...(error instanceof MethodNotAllowedError && { method: error.method, allow: error.allow }),
  };
}

function refusedProperties(error: WebhooksError): readonly FieldObjection[] {
  if (error instanceof InvalidSubscriptionError) return error.objections;
  if (error instanceof InvalidSecretError) return [{ field: 'secret', message: error.message, rule: 'secret' }];
  if (error instanceof HandshakeFailedError) return [{ field: 'url', message: error.message, rule: 'handshake' }];
  return [];
}

function other(status: number, message: string): Problem {
  return { kind: 'other', status, message, objections: [] };
}

/** What the adapters' parsers say of a body, in our own words: theirs differ, and quote the body. */
function readable(error: unknown): unknown {
  const { type, code, status, statusCode } = error as {
    type?: string;
    code?: string;
    status?: number;
    statusCode?: number;
  };
  if (
    type === 'entity.parse.failed' ||
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    isJsonFlaw(error, status ?? statusCode)
  ) {
    return new MalformedBodyError('The body is not JSON.');
  }
  if (type === 'entity.too.large' || code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new BodyTooLargeError('The body is larger than is taken here.');
  }
  if (error instanceof URIError && status === 400) return new NothingFoundError('The path is not well-formed.');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new MalformedBodyError('The body is empty.');
  return error;
}

function isJsonFlaw(error: unknown, status: number | undefined): boolean {
  return error instanceof SyntaxError && status === 400;
}

/** An exception of the host's may have its messages as a list. */
function messageOf(error: HttpException): string {
  const response = error.getResponse();
  const messages = typeof response === 'object' && 'message' in response ? response.message : error.message;
  return Array.isArray(messages) ? messages.join('; ') : String(messages);
}

/** Fastify's plugins and the `http-errors` package throw such, in guards too. */
function isClientError(error: unknown): error is Error & { readonly statusCode: number } {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}

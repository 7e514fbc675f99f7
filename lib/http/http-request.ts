import type { IncomingHttpHeaders } from 'node:http';
import { NotFoundException, type Type } from '@nestjs/common';
import { WebhooksError } from '../shared/webhooks.error';
import { validBody, validQuery } from './request-validation';

/**
 * What the requests of both adapters have. Handlers take the whole request, with `@Req()`, and read it here: no pipe is
 * run on it, so that what the host's global pipes refuse or transform changes nothing in our routes.
 */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
}

/** Thrown when a body is not JSON, or does not say that it is. */
export class UnsupportedMediaTypeError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNSUPPORTED_MEDIA_TYPE';
  override readonly status = 415;

  constructor(contentType: string | undefined) {
    const got = contentType === undefined ? 'no content type' : JSON.stringify(contentType);
    super(`Expected a body of the content type "application/json", got ${got}.`);
  }
}

const POSSIBLE_IDENTIFIER = /^[\w-]{1,64}$/;
const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * The `:id` of the path. What cannot be an id is not found, so that no database has to cope with it.
 * @throws NotFoundException
 */
export function idOf({ params }: HttpRequest): string {
  if (params.id !== undefined && POSSIBLE_IDENTIFIER.test(params.id)) return params.id;
  throw new NotFoundException('The path contains something that is not an id.');
}

/** @throws InvalidRequestError */
export function queryOf<T extends object>({ query }: HttpRequest, form: Type<T>): Promise<T> {
  return validQuery(query, form);
}

/** @throws UnsupportedMediaTypeError, InvalidRequestError */
export async function bodyOf<T extends object>({ headers, body }: HttpRequest, form: Type<T>): Promise<T> {
  const contentType = headers['content-type'];
  if (!JSON_TYPE.test(contentType ?? '')) throw new UnsupportedMediaTypeError(contentType);
  return validBody(body, form);
}

import { ValidationPipe, type Type, type ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { WebhooksError } from '../shared/webhooks.error';
import type { FieldObjection } from '../subscriptions/subscriptions.service';

/** Thrown when a request is not made as its route wants it. */
export class InvalidRequestError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_REQUEST';
  override readonly status = 400;

  constructor(readonly objections: readonly FieldObjection[]) {
    super(`The request is not valid: ${objections.map(({ message }) => message).join('; ')}.`);
  }
}

const ofBodies = pipe({ forbidNonWhitelisted: true });
const ofQueries = pipe({ forbidNonWhitelisted: false });

/** A body as an instance of its class. @throws InvalidRequestError */
export function validBody<T extends object>(body: unknown, form: Type<T>): Promise<T> {
  return ofBodies.transform(body, { type: 'body', metatype: form }) as Promise<T>;
}

/**
 * A query as an instance of its class. It may hold what is not ours, such as a key that the host's guard reads.
 * @throws InvalidRequestError
 */
export function validQuery<T extends object>(query: unknown, form: Type<T>): Promise<T> {
  return ofQueries.transform(query, { type: 'query', metatype: form }) as Promise<T>;
}

function pipe(options: ValidationPipeOptions): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => new InvalidRequestError(errors.flatMap(objectionsOf)),
    ...options,
  });
}

function objectionsOf({ property, constraints = {} }: ValidationError): FieldObjection[] {
  return Object.values(constraints).map((message) => ({ field: property, message }));
}

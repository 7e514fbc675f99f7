import { ValidationPipe, type Type, type ValidationPipeOptions } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidRequestError } from '../contracts/problem';
import type { FieldObjection } from '../subscriptions/subscription-errors';

/** More help nobody who made so many mistakes, and a small body must not make a large answer. */
const MOST_OBJECTIONS = 100;

const strict = pipe({ forbidNonWhitelisted: true });
const lenient = pipe({ forbidNonWhitelisted: false });

/** The fields of a body as an instance of their class; unknown ones are refused. @throws InvalidRequestError */
export function validBody<T extends object>(body: unknown, form: Type<T>): Promise<T> {
  return strict.transform(body, { type: 'body', metatype: form }) as Promise<T>;
}

/** The same; unknown ones are passed over. @throws InvalidRequestError */
export function validLenientBody<T extends object>(body: unknown, form: Type<T>): Promise<T> {
  return lenient.transform(body, { type: 'body', metatype: form }) as Promise<T>;
}

/**
 * A query as an instance of its class. It may hold what is not ours, such as a key that the host's guard reads.
 * @throws InvalidRequestError
 */
export function validQuery<T extends object>(query: unknown, form: Type<T>): Promise<T> {
  return lenient.transform(query, { type: 'query', metatype: form }) as Promise<T>;
}

function pipe(options: ValidationPipeOptions): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) =>
      new InvalidRequestError(errors.flatMap((error) => objectionsOf(error)).slice(0, MOST_OBJECTIONS)),
    ...options,
  });
}

/** What was sent may be a secret: error formats can read it, but a log of the error does not show it. */
function objection(told: Omit<FieldObjection, 'value'>, value: unknown): FieldObjection {
  return Object.defineProperty({ ...told }, 'value', { value });
}

function objectionsOf(
  { property, constraints = {}, children = [], value }: ValidationError,
  within = '',
): FieldObjection[] {
  const field = within + property;
  const own = Object.entries(constraints).map(([rule, message]) => objection({ field, message, rule }, value));
  return [...own, ...children.flatMap((child) => objectionsOf(child, `${field}.`))];
}

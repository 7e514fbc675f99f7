import { ValidationPipe, type Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import type { ContractDescription } from '../contracts/contract';
import { filled, strangersTo } from '../contracts/generated/filled-forms';
import { InvalidRequestError, MalformedBodyError } from '../contracts/problem';
import { assertShallow } from '../contracts/requests/nesting';
import { json } from '../contracts/requests/request-formats';
import { isRecord } from '../contracts/rules';
import type { FieldObjection } from '../subscriptions/subscription-errors';
import { incomingBody, type HttpRequest } from './http-request';

/** More help nobody who made so many mistakes, and a small body must not make a large answer. */
const MOST_OBJECTIONS = 100;

/** The fields of a body as their form, each as it came. @throws InvalidRequestError */
export async function validForm(
  given: Readonly<Record<string, unknown>>,
  Form: Type<object>,
  unknownFields: ContractDescription['unknownFields'],
): Promise<object> {
  const form = filled(Form, given);
  const strangers = unknownFields === 'refuse' ? strangersTo(Form, given) : [];
  const wrong = await validate(form, { stopAtFirstError: true, forbidUnknownValues: false });
  const objections = [...strangers.map(objectionToStranger), ...wrong.flatMap((error) => objectionsOf(error))];
  if (objections.length > 0) throw invalid(objections);
  return form;
}

/** The JSON body of a request for an operating endpoint. @throws InvalidRequestError, MalformedBodyError */
export async function validJson<Form extends object>(request: HttpRequest, form: Type<Form>): Promise<Form> {
  const body = json.read(incomingBody(request));
  assertShallow(body);
  if (isRecord(body)) return (await validForm(body, form, 'refuse')) as Form;
  throw new MalformedBodyError('The body has no fields where they are looked for.');
}

const queries = new ValidationPipe({
  whitelist: true,
  transform: true,
  stopAtFirstError: true,
  exceptionFactory: (errors) => invalid(errors.flatMap((error) => objectionsOf(error))),
});

/**
 * A query as an instance of its class. It may hold what is not ours, such as a key that the host's guard reads.
 * @throws InvalidRequestError
 */
export function validQuery<T extends object>(query: unknown, form: Type<T>): Promise<T> {
  return queries.transform(query, { type: 'query', metatype: form }) as Promise<T>;
}

function invalid(objections: FieldObjection[]): InvalidRequestError {
  return new InvalidRequestError(objections.slice(0, MOST_OBJECTIONS));
}

function objectionToStranger(field: string): FieldObjection {
  return { field, message: `property ${field} should not exist`, rule: 'unknown' };
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

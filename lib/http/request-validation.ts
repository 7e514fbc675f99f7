import { ValidationPipe, type Type } from '@nestjs/common';
import { validate, type ValidationError } from 'class-validator';
import type { ContractDescription } from '../contracts/contract';
import { filled, strangersTo } from '../contracts/generated/filled-forms';
import { InvalidRequestError } from '../contracts/problem';
import type { FieldObjection } from '../subscriptions/subscription-errors';

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
  if (objections.length > 0) throw new InvalidRequestError(objections);
  return form;
}

const queries = new ValidationPipe({
  whitelist: true,
  transform: true,
  stopAtFirstError: true,
  exceptionFactory: (errors) => new InvalidRequestError(errors.flatMap((error) => objectionsOf(error))),
});

/**
 * A query as an instance of its class. It may hold what is not ours, such as a key that the host's guard reads.
 * @throws InvalidRequestError
 */
export function validQuery<T extends object>(query: unknown, form: Type<T>): Promise<T> {
  return queries.transform(query, { type: 'query', metatype: form }) as Promise<T>;
}

function objectionToStranger(field: string): FieldObjection {
  return { field, message: `property ${field} should not exist`, rule: 'unknown' };
}

function objectionsOf(
  { property, constraints = {}, children = [], value }: ValidationError,
  within = '',
): FieldObjection[] {
  const field = within + property;
  const own = Object.entries(constraints).map(([rule, message]) => ({ field, message, rule, value: value as unknown }));
  return [...own, ...children.flatMap((child) => objectionsOf(child, `${field}.`))];
}

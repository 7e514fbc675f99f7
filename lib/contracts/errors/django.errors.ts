import type { FieldObjection } from '../../subscriptions/subscription-errors';
import type { ErrorFormat, Problem } from '../problem';
import { byField, saidOf, schemaByField } from './by-field';

const DETAILS: Readonly<Record<number, string>> = {
  401: 'Authentication credentials were not provided.',
  403: 'You do not have permission to perform this action.',
  404: 'Not found.',
  500: 'A server error occurred.',
};

const DETAIL = { type: 'object', required: ['detail'], properties: { detail: { type: 'string' } } };

/** As Django REST framework answers: `{"<field>": ["…"]}` for what a request says, `{"detail": "…"}` for all else. */
export const djangoErrors: ErrorFormat = {
  statusOf: ({ kind, status }) => (kind === 'refused' ? 400 : status),
  bodyOf: (problem) =>
    problem.objections.length > 0 ? byField(problem.objections, sentence) : { detail: detailOf(problem) },
  schemaOf: (status) => (status === 400 ? { anyOf: [schemaByField, DETAIL] } : DETAIL),
};

function detailOf({ status, message, code, method }: Problem): string {
  if (code === 'WEBHOOKS_MALFORMED_BODY') return `JSON parse error - ${message}`;
  if (method !== undefined) return `Method "${method}" not allowed.`;
  return DETAILS[status] ?? message;
}

type Sentence = (objection: FieldObjection) => string;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  required: () => 'This field is required.',
  choice: ({ value }) => `"${String(value)}" is not a valid choice.`,
  url: () => 'Enter a valid URL.',
  boolean: () => 'Must be a valid boolean.',
  isInt: () => 'A valid integer is required.',
  isString: ({ value }) => (value === null ? 'This field may not be null.' : 'Not a valid string.'),
  isLength: ({ value }) =>
    value === '' ? 'This field may not be blank.' : 'Ensure this field has an acceptable length.',
};

function sentence(objection: FieldObjection): string {
  const known = SENTENCES[objection.rule ?? ''];
  return known ? known(objection) : saidOf(objection, 'This field').replace(/([^.])$/, '$1.');
}

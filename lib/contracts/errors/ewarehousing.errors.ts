import type { FieldObjection } from '../../subscriptions/subscription-errors';
import type { ErrorFormat } from '../problem';
import { byField, saidOf, schemaByField } from './by-field';

const WRONG = {
  type: 'object',
  required: ['code', 'message'],
  properties: { code: { type: 'integer' }, message: { type: 'string' } },
};
const INVALID = { type: 'object', required: ['errors'], properties: { errors: schemaByField } };

const SENTENCES: Readonly<Record<string, string>> = {
  required: 'This value should not be blank.',
  choice: 'The value you selected is not a valid choice.',
  url: 'This value is not a valid URL.',
  isString: 'This value should be of type string.',
  isInt: 'This value should be of type integer.',
};

/** As eWarehousing Solutions answers: `{"errors": {"<field>": ["…"]}}`, and `{"code", "message"}` for all else. */
export const ewarehousingErrors: ErrorFormat = {
  statusOf: ({ kind, status }) => (kind === 'refused' ? 400 : status),
  bodyOf: ({ status, message, objections }) =>
    objections.length > 0 ? { errors: byField(objections, sentence) } : { code: status, message },
  schemaOf: (status) => (status === 400 ? { anyOf: [INVALID, WRONG] } : WRONG),
};

function sentence(objection: FieldObjection): string {
  return SENTENCES[objection.rule ?? ''] ?? saidOf(objection, 'This value').replace(/([^.])$/, '$1.');
}

import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import type { SubscriptionOrder } from '../../subscriptions/subscriptions.repository';
import { rule } from '../rules';
import type { ListPart, QueryField } from './list-format';

/** A whole number in a query. */
export function wholeNumber(range: {
  least: number;
  most?: number;
  fallback?: number;
  description: string;
}): QueryField {
  const { least, most, fallback, description } = range;
  return {
    schema: { type: 'integer', description, minimum: least, maximum: most, default: fallback },
    rules: [Type(() => Number), IsInt(), Min(least), ...(most === undefined ? [] : [Max(most)])],
  };
}

/** One of a few texts in a query. */
export function oneOf(choices: readonly string[], description: string, fallback?: string): QueryField {
  return { schema: { type: String, enum: [...choices], description, default: fallback }, rules: [IsIn(choices)] };
}

export interface SortingOptions {
  /** @default 'sort' */
  readonly parameter?: string;
  /** The parameter that says `asc` or `desc`. @default 'direction' */
  readonly direction?: string;
  /** What may be sorted by, under which name. */
  readonly by: Readonly<Record<string, SubscriptionOrder>>;
}

/** Lets callers say how a list is sorted. */
export function sorting({ parameter = 'sort', direction = 'direction', by }: SortingOptions): ListPart {
  return {
    query: {
      [direction]: oneOf(['asc', 'desc'], 'Which end comes first.'),
      [parameter]: oneOf(Object.keys(by), 'What the list is sorted by.'),
    },
    choose: (query) => {
      const sort = by[String(query[parameter])];
      const way = query[direction];
      return { selection: { ...(sort && { sort }), ...(way !== undefined && { descending: way === 'desc' }) } };
    },
  };
}

/** Lets callers ask for what was made in a span of time: dates, or dates and times, both ends included. */
export function createdBetween(from: string, to: string): ListPart {
  return {
    query: { [from]: dateField('Only what was made then or later.'), [to]: dateField('Only what was made by then.') },
    choose: (query) => ({
      filter: {
        ...(query[from] !== undefined && { createdFrom: Date.parse(String(query[from])) }),
        ...(query[to] !== undefined && { createdTo: endOf(String(query[to])) }),
      },
    }),
  };
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function dateField(description: string): QueryField {
  const isDate = (value: unknown) =>
    typeof value === 'string' && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value));
  return {
    schema: { type: String, description, example: '2026-01-31' },
    rules: [rule('date', isDate, '$property must be a date')],
  };
}

/** A day lasts to its last millisecond. */
function endOf(text: string): number {
  return Date.parse(text) + (DATE.test(text) ? 86_399_999 : 0);
}

import { applyDecorators } from '@nestjs/common';
import { Matches, ValidateIf } from 'class-validator';
import { DELIVERY_STATES, type DeliveryState } from '../../deliveries/delivery';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE } from '../../shared/page';
import { LONGEST_TOPIC_NAME } from '../../topics/topic';
import type { ListPart, QueryField } from '../lists/list-format';
import { oneOf, wholeNumber } from '../lists/query-parts';
import { apiProperty } from '../generated/openapi';
import { IsTenant, IsText } from '../rules';
import { IsMoment } from './operating.dto';

const TENANT: QueryField = {
  schema: {
    type: String,
    description: 'Only what belongs to this tenant. Only the operator may name another than its own.',
  },
  rules: [IsTenant()],
};

/** Lets the operator look at one tenant at a time. */
export const tenantFilter: ListPart = {
  query: { tenant: TENANT },
  choose: ({ tenant }) => ({ filter: tenant === undefined ? {} : { tenant: String(tenant) } }),
};

/** What may be asked of the list of public keys. */
export class ListPublicKeysDto {
  @TenantFilter()
  readonly tenant?: string;
}

/** What may be asked of the list of events. */
export class ListEventsDto {
  @LimitField()
  readonly limit?: number;

  @CursorField('evt')
  readonly cursor?: string;

  @TenantFilter()
  readonly tenant?: string;

  @TopicFilter()
  readonly topic?: string;

  @TextFilter('Only events of the thing with this id.')
  readonly subject?: string;

  @MomentFilter('Only what was published then or later.')
  readonly createdFrom?: string;

  @MomentFilter('Only what was published then or before.')
  readonly createdTo?: string;
}

/** What may be asked of the list of deliveries. */
export class ListDeliveriesDto {
  @LimitField()
  readonly limit?: number;

  @CursorField('dlv')
  readonly cursor?: string;

  @TenantFilter()
  readonly tenant?: string;

  @IdentifierFilter('sub', 'Only deliveries to the subscription of this id.')
  readonly subscription?: string;

  @IdentifierFilter('evt', 'Only deliveries of the event of this id.')
  readonly event?: string;

  @StateFilter()
  readonly state?: DeliveryState;

  @TopicFilter()
  readonly topic?: string;

  @TextFilter('Only deliveries whose last request came to this: an HTTP status, or a kind of failure.', '503')
  readonly lastResult?: string;

  @MomentFilter('Only what was made then or later.')
  readonly createdFrom?: string;

  @MomentFilter('Only what was made then or before.')
  readonly createdTo?: string;
}

/** What may be asked of statistics. */
export class StatisticsSpanDto {
  @MomentFilter('A moment in the first hour; 24 hours before the last one by default.')
  readonly from?: string;

  @MomentFilter('A moment in the last hour; now by default.')
  readonly to?: string;
}

/** What may be asked of the statistics of all subscriptions. */
export class StatisticsDto extends StatisticsSpanDto {
  @TenantFilter()
  readonly tenant?: string;
}

/** What may be asked of the list of a subscription's replays. */
export class ListReplaysDto {
  @LimitField()
  readonly limit?: number;

  @CursorField('rpl')
  readonly cursor?: string;
}

function LimitField() {
  const description = 'How many items a page has at most.';
  return asked(wholeNumber({ least: 1, most: LARGEST_PAGE_SIZE, fallback: DEFAULT_PAGE_SIZE, description }));
}

function CursorField(prefix: string) {
  const message = '$property must be the nextCursor of the page before';
  const description = 'The `nextCursor` of the page before.';
  return asked({ schema: { type: String, description }, rules: [IsIdentifier(prefix, message)] });
}

function TenantFilter() {
  return asked(TENANT);
}

function TopicFilter() {
  const schema = { type: String, description: 'Only this topic, by its exact name.', example: 'order.shipped' };
  return asked({ schema, rules: [IsText(1, LONGEST_TOPIC_NAME)] });
}

function TextFilter(description: string, example?: string) {
  return asked({ schema: { type: String, description, example }, rules: [IsText(1, LONGEST_TOPIC_NAME)] });
}

function MomentFilter(description: string) {
  return asked({ schema: { type: String, format: 'date-time', description }, rules: [IsMoment()] });
}

/** Moments of a query, in milliseconds since the epoch. */
export function momentsOf<Name extends string>(
  query: Readonly<Partial<Record<Name, string>>>,
  ...names: Name[]
): Record<Name, number | undefined> {
  const moments = names.map((name) => [name, query[name] === undefined ? undefined : Date.parse(query[name])]);
  return Object.fromEntries(moments) as Record<Name, number | undefined>;
}

function IdentifierFilter(prefix: string, description: string) {
  const message = `$property must be an id: "${prefix}_" and 32 hex digits`;
  return asked({ schema: { type: String, description }, rules: [IsIdentifier(prefix, message)] });
}

function StateFilter() {
  return asked(oneOf(DELIVERY_STATES, 'Only deliveries that stand here.'));
}

function IsIdentifier(prefix: string, message: string): PropertyDecorator {
  return applyDecorators(Matches(new RegExp(`^${prefix}_[0-9a-f]{32}$`), { message }));
}

/** Something that may be asked, and may be left out. */
function asked({ schema, rules }: QueryField): PropertyDecorator {
  const given = ValidateIf((_, value: unknown) => value !== undefined);
  return applyDecorators(given, ...rules, apiProperty({ ...schema, required: false }));
}

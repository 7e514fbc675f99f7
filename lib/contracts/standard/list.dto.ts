import { applyDecorators } from '@nestjs/common';
import { Matches, ValidateIf } from 'class-validator';
import { DELIVERY_STATES, type DeliveryState } from '../../deliveries/delivery';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE } from '../../shared/page';
import { LONGEST_TOPIC_NAME } from '../../topics/topic';
import type { ListPart, QueryField } from '../lists/list-format';
import { oneOf, wholeNumber } from '../lists/query-parts';
import { apiProperty } from '../generated/openapi';
import { IsTenant, IsText } from '../rules';

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

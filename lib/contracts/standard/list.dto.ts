import { Type } from 'class-transformer';
import { IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { DELIVERY_STATES, type DeliveryState } from '../../deliveries/delivery';
import { DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE } from '../../shared/page';
import { LONGEST_TOPIC_NAME } from '../../topics/topic';
import { field, IsTenant, IsText } from './fields';

/** What may be asked of the list of subscriptions. */
export class ListSubscriptionsDto {
  @LimitField()
  readonly limit?: number;

  @CursorField('sub')
  readonly cursor?: string;

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

function LimitField() {
  const range = { minimum: 1, maximum: LARGEST_PAGE_SIZE, default: DEFAULT_PAGE_SIZE };
  const schema = { type: 'integer', description: 'How many items a page has at most.', ...range } as const;
  const rules = [Type(() => Number), IsInt(), Min(1), Max(LARGEST_PAGE_SIZE)];
  return field('optional', schema, ...rules);
}

function CursorField(prefix: string) {
  const message = '$property must be the nextCursor of the page before';
  const description = 'The `nextCursor` of the page before.';
  return field('optional', { type: String, description }, IsIdentifier(prefix, message));
}

function TenantFilter() {
  const description = 'Only what belongs to this tenant. Only the operator may name another than its own.';
  return field('optional', { type: String, description }, IsTenant());
}

function TopicFilter() {
  const schema = { type: String, description: 'Only this topic, by its exact name.', example: 'order.shipped' };
  return field('optional', schema, IsText(1, LONGEST_TOPIC_NAME));
}

function IdentifierFilter(prefix: string, description: string) {
  const message = `$property must be an id: "${prefix}_" and 32 hex digits`;
  return field('optional', { type: String, description }, IsIdentifier(prefix, message));
}

function StateFilter() {
  const schema = { type: String, description: 'Only deliveries that stand here.', enum: [...DELIVERY_STATES] };
  return field('optional', schema, IsIn(DELIVERY_STATES));
}

function IsIdentifier(prefix: string, message: string): PropertyDecorator {
  return applyDecorators(Matches(new RegExp(`^${prefix}_[0-9a-f]{32}$`), { message }));
}

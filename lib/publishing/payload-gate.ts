import { inspect } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Lifecycle } from '../deliveries/lifecycle';
import type { NewEvent } from '../events/events.repository';
import { PayloadChecks } from '../schemas/payload-checks';
import { InvalidPayloadError } from '../schemas/payload-flaw';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import { PAYLOAD_VALIDATIONS, type PayloadValidation, type Topic } from '../topics/topic';

/** Does with payloads that are not as their schema says what was asked for: nothing, a warning or a refusal. */
@Injectable()
export class PayloadGate {
  constructor(
    private readonly checks: PayloadChecks,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Whether there is anything to wait for before an event may be stored. */
  guards(topic: Topic, asked: PayloadValidation | undefined): boolean {
    return this.checks.validationOf(topic, asked) !== 'off';
  }

  /** @throws InvalidPayloadError */
  async pass(topic: Topic, payload: object, event: NewEvent, asked: PayloadValidation | undefined): Promise<void> {
    const validation = this.checks.validationOf(topic, asked);
    assertValidation(validation);
    const flaws = await this.checks.flawsOf(topic, payload, event.payload);
    if (flaws.length === 0) return;
    if (validation === 'error') throw new InvalidPayloadError(topic.name, flaws);
    this.lifecycle.emit({
      type: 'payload.invalid',
      eventId: event.id,
      topic: topic.name,
      tenant: event.tenant,
      flaws: flaws.map(({ path, rule }) => ({ path, rule })),
    });
  }
}

function assertValidation(validation: PayloadValidation): void {
  if (PAYLOAD_VALIDATIONS.includes(validation)) return;
  throw new WebhooksConfigurationError(`Expected validate to be 'off', 'warn' or 'error', got ${inspect(validation)}.`);
}

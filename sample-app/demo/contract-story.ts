import assert from 'node:assert/strict';
import { SIGNATURE_CHECKS } from '../receiver/signatures';
import type { Api } from './api';
import { CONTRACT_SCRIPTS, type ContractScript } from './contract-scripts';
import { eventually } from './eventually';
import type { Arrival, HttpsReceiver } from './https-receiver';
import type { Page } from './page';

/** A contract from its documented request to the received one. All that it shows has gone over the wire. */
export class ContractStory {
  private readonly script: ContractScript;

  constructor(
    private readonly contract: string,
    private readonly api: Api,
    private readonly receiver: HttpsReceiver,
    private readonly page: Page,
    private readonly signal: AbortSignal,
  ) {
    this.script = CONTRACT_SCRIPTS[contract]!;
  }

  /** @throws Error when something is not as it should be */
  async tell(): Promise<void> {
    this.page.title(`${this.script.vendor}, from end to end`);
    const { id } = await this.api.post<{ id: string }>('/orders', {
      reference: 'A-1001',
      lines: [{ sku: 'SKU-1', quantity: 2 }],
    });
    const secret = await this.subscribe();
    const changedAt = Date.now();
    await this.change(id);
    const arrival = await this.receive();
    this.verify(secret, arrival);
    this.page.ending(
      `Received as ${this.script.vendor} sends it, ${arrival.arrivedAt - changedAt} ms after the change.`,
    );
  }

  private async subscribe(): Promise<string> {
    this.page.step(`acme subscribes its server, as ${this.script.vendor} documents it`);
    const request = this.script.subscribe(this.receiver.url(this.script.endpoint));
    this.page.request(request);
    const { status, body } = await this.api.send(request);
    this.page.answer({ status, body });
    return String((body as Record<string, unknown>)[this.script.secretField]);
  }

  private async change(order: string): Promise<void> {
    this.page.step(this.script.change);
    const request = this.script.changing(order);
    this.page.request(request);
    const { status } = await this.api.send(request);
    this.page.answer({ status });
  }

  private async receive(): Promise<Arrival> {
    this.page.step("acme's server receives");
    const arrival = await eventually('a request', () => Promise.resolve(this.receiver.arrivals[0]), this.signal);
    const { method, path, writtenHeaders, rawBody } = arrival;
    this.page.request({
      method,
      path,
      headers: Object.fromEntries(writtenHeaders),
      body: JSON.parse(rawBody) as object,
    });
    return arrival;
  }

  private verify(secret: string, arrival: Arrival): void {
    this.page.step('and knows who sent it');
    assert(SIGNATURE_CHECKS[this.contract]!(secret, arrival), `It is not so that ${this.script.proof}.`);
    this.page.success(this.script.proof);
  }
}

import { randomBytes } from 'node:crypto';
import { Agent, type Dispatcher } from 'undici';
import { obey, settings } from '../../test/processes/commands';
import { flood, type Flooding, type Pipeline } from '../flood';
import { sampleBody } from '../sample';
import { newKey, signatureHeaders } from './signature';

export interface BareSettings {
  readonly sending: 'request' | 'dispatch';
  readonly urls: readonly string[];
}

type Send = (url: URL, headers: Record<string, string>, body: string) => Promise<void>;

const { sending, urls } = settings<BareSettings>();
const targets = urls.map((url) => new URL(url));
const key = newKey();
const agent = new Agent();

/** As one writes it by undici's documentation. */
const byRequest: Send = async (url, headers, body) => {
  const response = await agent.request({ origin: url.origin, path: url.pathname, method: 'POST', headers, body });
  await response.body.dump();
};

/** The least that undici can do. */
const byDispatch: Send = (url, headers, body) =>
  new Promise((resolve, reject) => {
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: () => undefined,
      onResponseEnd: () => resolve(),
      onResponseError: (_, error) => reject(error),
    };
    agent.dispatch({ origin: url.origin, path: url.pathname, method: 'POST', headers, body }, handler);
  });

/** Signed requests and nothing else: no event, no row, no second try. */
class BareRequests implements Pipeline {
  private listener: () => void = () => undefined;
  private readonly send = sending === 'request' ? byRequest : byDispatch;

  async publish(index: number): Promise<void> {
    const body = sampleBody(index);
    const id = `evt_${randomBytes(16).toString('hex')}`;
    const headers = { 'content-type': 'application/json', ...signatureHeaders(id, body, key) };
    await this.send(targets[index % targets.length]!, headers, body);
    this.listener();
  }

  onDone(listener: () => void): () => void {
    this.listener = listener;
    return () => (this.listener = () => undefined);
  }
}

const commands = {
  flood: (flooding: Flooding) => flood(new BareRequests(), flooding),
};

export type BareCommands = typeof commands;

obey(commands, () => agent.destroy());

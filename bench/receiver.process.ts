import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { certificate, privateKey } from '../test/transport/localhost.certificate';
import { obey, settings } from '../test/processes/commands';
import { now } from './now';

export interface ReceiverSettings {
  /** Whether it speaks TLS. @default false */
  readonly tls?: boolean;
  /** How many more origins it listens on, besides the first. @default 0 */
  readonly moreOrigins?: number;
}

/** How long a request to `/slow/…` waits for its 204. */
const SLOW_MS = 50;

/** When the first request of each `webhook-id` came in, in milliseconds on the machine's clock. */
let arrivals = new Map<string, number>();
let noting = false;
let connections = 0;
let requests = 0;

/** `/slow/…` is answered after 50 ms, `/dead/…` never, all else at once; always with 204. */
function receive(request: IncomingMessage, response: ServerResponse): void {
  if (noting) note(request.headers['webhook-id'] as string);
  requests += 1;
  request.resume();
  if (request.url!.startsWith('/dead')) return;
  if (request.url!.startsWith('/slow')) setTimeout(() => accept(response), SLOW_MS);
  else accept(response);
}

function note(id: string): void {
  if (!arrivals.has(id)) arrivals.set(id, now());
}

function accept(response: ServerResponse): void {
  response.writeHead(204).end();
}

async function listen(tls: boolean): Promise<string> {
  const server: Server = tls
    ? createHttpsServer({ cert: certificate, key: privateKey }, receive)
    : createHttpServer(receive);
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const commands = {
  origins: (): readonly string[] => origins,
  note: (wanted: boolean): void => void (noting = wanted),
  arrived: (): number => arrivals.size,
  counts: () => ({ connections, requests }),
  takeArrivals(): Map<string, number> {
    const taken = arrivals;
    arrivals = new Map();
    return taken;
  },
};

export type ReceiverCommands = typeof commands;

const origins: string[] = [];

async function main(): Promise<void> {
  const { tls = false, moreOrigins = 0 } = settings<ReceiverSettings>();
  for (let count = 0; count <= moreOrigins; count++) origins.push(await listen(tls));
  obey(commands);
}

void main();

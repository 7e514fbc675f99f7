// What `nestjs-webhooks/undici` publishes: the only way to code that needs the undici package.
export type { ResolveHost } from './transport/guarded-lookup';
export type { ConnectionOptions } from './transport/transport-options';
export { undiciTransport } from './transport/undici.transport';

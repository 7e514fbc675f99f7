// What `nestjs-webhooks/receiver` publishes: it loads neither Nest nor TypeORM.
export { answerHandshake, type HandshakeAnswer, type HandshakeToAnswer } from './receiver/answer-handshake';
export {
  UnreadableWebhookError,
  verifyWebhook,
  type VerifiedWebhook,
  type WebhookToVerify,
} from './receiver/verify-webhook';
export { WebhooksConfigurationError, WebhooksError } from './shared/webhooks.error';
export { allOf } from './signing/all-of.scheme';
export { appWide } from './signing/app-wide.scheme';
export { basic, type BasicOptions } from './signing/basic.scheme';
export { echoedSecret, type EchoedSecretOptions } from './signing/echoed-secret.scheme';
export { ed25519, type Ed25519Options } from './signing/ed25519.scheme';
export type { Ed25519KeyFormat } from './signing/ed25519-keys';
export type { SignatureEncoding } from './signing/encoding';
export type { HeaderOptions } from './signing/header.carrier';
export type { SignatureHash } from './signing/hmac.algorithm';
export { hmac, type HmacOptions } from './signing/hmac.scheme';
export { InvalidSignatureError } from './signing/invalid-signature.error';
export type { ListOptions } from './signing/list.carrier';
export type { ReceivedHeaders, ReceivedRequest } from './signing/received-request';
export type { RsaPadding } from './signing/rsa.algorithm';
export { rsa, type RsaOptions } from './signing/rsa.scheme';
export { InvalidSecretError } from './signing/secret';
export { encodedSecret, SecretFormat, standardSecret, textSecret } from './signing/secret-format';
export {
  SignatureScheme,
  type MessageToSign,
  type VerifiedMessage,
  type VerifyOptions,
} from './signing/signature-scheme';
export type { SignedContent, SignedMessage } from './signing/signed-message';
export { standardWebhooks, type StandardWebhooksOptions } from './signing/standard-webhooks.scheme';
export { timestamped, type TimestampedOptions } from './signing/timestamped.scheme';
export type { TimestampFormat } from './signing/timestamp';
export { unsigned } from './signing/unsigned.scheme';
export { urlAndForm, type UrlAndFormOptions } from './signing/url-and-form.scheme';
